// Planning a round: programme, dates, letter, and what is asked of whom.
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { api, reply } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { Button, ButtonLink, Checkbox, Select, TextField } from "../../parts/controls";
import { EmptyState, ErrorNotice, ErrorSummary, Loading, PageHead } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { DayOffWarning } from "../shared/days-off";
import { useProgramme, useProgrammes } from "../shared/programme";
import type { Programme } from "./data";
import { AS_PROGRAMME, PlanItems, toRoundItems, type ItemChoices } from "./plan-items";

const FIELDS = ["name", "opensOn", "dueOn", "closedUntil", "letterNumber", "letterDate", "letterSubject"] as const;
type FieldName = (typeof FIELDS)[number];
type Values = Record<FieldName, string>;
const EMPTY: Values = { name: "", opensOn: "", dueOn: "", closedUntil: "", letterNumber: "", letterDate: "", letterSubject: "" };
const REQUIRED: readonly FieldName[] = ["name", "opensOn", "dueOn", "closedUntil"];
const SERVER_NAMES: Partial<Record<FieldName, string>> = { letterNumber: "letter.number", letterDate: "letter.date", letterSubject: "letter.title" };

type Found = { fieldId: string; message: string }[];

function useCheck() {
  const { t } = useTranslation("administrator");
  return (values: Values, programme: Programme, choices: ItemChoices): Found => {
    const found: Found = REQUIRED.filter((name) => !values[name].trim())
      .map((name) => ({ fieldId: `plan-${name}`, message: t("plan.fillIn", { field: t(`plan.${name as "name"}`) }) }));
    if (values.opensOn && values.dueOn && values.dueOn < values.opensOn) found.push({ fieldId: "plan-dueOn", message: t("plan.dueEarly") });
    if (values.dueOn && values.closedUntil && values.closedUntil < values.dueOn)
      found.push({ fieldId: "plan-closedUntil", message: t("plan.closedEarly") });
    const items = programme.sections.flatMap((section) => section.items);
    const chosen = items.filter((item) => choices[item.code]?.isChosen !== false);
    if (chosen.length === 0) found.push({ fieldId: "plan-items", message: t("plan.noItems") });
    for (const item of chosen) {
      const choice = choices[item.code];
      const own = choice?.selector ?? AS_PROGRAMME;
      const isMissing = own === AS_PROGRAMME ? !item.participants?.selector
        : own === "listed" ? !choice?.codes.trim() : own === "attribute" && !choice?.attribute.trim();
      if (isMissing) found.push({ fieldId: `plan-item-${item.code}`, message: t("plan.noParticipants", { item: item.question.slice(0, 60) }) });
    }
    return found;
  };
}

function PlanForm({ programme }: { programme: Programme }) {
  const { t } = useTranslation("administrator");
  const [, go] = useLocation();
  const queries = useQueryClient();
  const [values, setValues] = useState(EMPTY);
  const [repeats, setRepeats] = useState(false);
  const [choices, setChoices] = useState<ItemChoices>({});
  const [found, setFound] = useState<Found>([]);
  const check = useCheck();
  const command = useCommand(
    (_: { values: Values; repeats: boolean; choices: ItemChoices }, headers) =>
      reply(api.POST("/api/v1/rounds", {
        body: {
          programmeCode: programme.code, name: values.name.trim(), opensOn: values.opensOn, dueOn: values.dueOn, closedUntil: values.closedUntil,
          items: toRoundItems(programme, choices), repeats,
          letter: { number: values.letterNumber.trim(), date: values.letterDate, title: values.letterSubject.trim() },
        },
        headers,
      })),
    {
      onDone: (round) => {
        void queries.invalidateQueries({ queryKey: ["rounds"] });
        go(`/rounds?round=${round.roundId}`);
      },
    },
  );
  const refusal = command.error instanceof ProblemError ? command.error : null;
  const refused: Found = (refusal?.violations ?? []).map((violation) => {
    const field = FIELDS.find((name) => (SERVER_NAMES[name] ?? name) === violation.field);
    return { fieldId: field ? `plan-${field}` : "plan-items", message: violation.message };
  });
  const errors = found.length > 0 ? found : refused;
  const errorOf = (name: FieldName) => errors.find((error) => error.fieldId === `plan-${name}`)?.message ?? "";
  const change = (name: FieldName) => (value: string) => setValues({ ...values, [name]: value });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const problems = check(values, programme, choices);
    setFound(problems);
    if (problems.length === 0) command.mutate({ values, repeats, choices });
  };
  const field = (name: FieldName, more: { hint?: string; type?: "date" } = {}) => (
    <TextField id={`plan-${name}`} label={t(`plan.${name as "name"}`)} value={values[name]} onChange={change(name)}
      error={errorOf(name)} isRequired={REQUIRED.includes(name)} {...more} />
  );
  return (
    <form onSubmit={submit} noValidate className="plan-form">
      {command.error && refused.length === 0 ? <ErrorNotice error={command.error} /> : null}
      <ErrorSummary errors={errors} />
      <div className="form">{field("name", { hint: t("plan.nameHint") })}</div>
      <fieldset className="plan-group">
        <legend>{t("plan.dates")}</legend>
        <div className="field-row">
          {field("opensOn", { type: "date" })}
          {field("dueOn", { type: "date", hint: t("plan.dueHint") })}
          {field("closedUntil", { type: "date", hint: t("plan.closedHint") })}
        </div>
        <DayOffWarning day={values.dueOn} onTake={change("dueOn")} />
        <Checkbox isSelected={repeats} onChange={setRepeats}>{t("plan.repeats")}</Checkbox>
      </fieldset>
      <fieldset className="plan-group">
        <legend>{t("plan.letterTitle")}</legend>
        <div className="field-row">
          {field("letterNumber")}
          {field("letterDate", { type: "date" })}
          {field("letterSubject")}
        </div>
      </fieldset>
      <PlanItems programme={programme} choices={choices} onChange={setChoices} faulty={new Set(errors.map((error) => error.fieldId))} />
      <div className="form-end"><Button kind="primary" type="submit" isDisabled={command.isPending}>{t("plan.submit")}</Button></div>
    </form>
  );
}

export function RoundPlanPage() {
  const { t } = useTranslation("administrator");
  const { t: common } = useTranslation();
  const programmes = useProgrammes();
  const [chosen, setChosen] = useState("");
  const list = programmes.data?.programmes ?? [];
  const code = chosen || (list.length === 1 ? list[0]!.code : "");
  const programme = useProgramme(code);
  return (
    <>
      <PageHead title={t("plan.title")} status={t("plan.status")} actions={<ButtonLink href="/rounds">{common("cancel")}</ButtonLink>} />
      {programmes.isPending && <Loading />}
      {programmes.error && <ErrorNotice error={programmes.error} onRetry={() => void programmes.refetch()} />}
      {programmes.data && list.length === 0 && (
        <EmptyState icon="list" title={t("programmes.emptyTitle")} action={<ButtonLink href="/programmes/load" kind="primary">{t("programmes.load")}</ButtonLink>}>
          {t("plan.noProgrammes")}
        </EmptyState>
      )}
      {list.length > 0 && (
        <div className="form">
          <Select label={t("plan.programme")} value={code} onChange={setChosen} choices={list.map((one) => ({ id: one.code, text: one.title }))} isRequired />
        </div>
      )}
      {programme.error && <ErrorNotice error={programme.error} onRetry={() => void programme.refetch()} />}
      {code && programme.isPending && <Loading />}
      {programme.data && <PlanForm key={programme.data.code} programme={programme.data} />}
    </>
  );
}
