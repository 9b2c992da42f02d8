// Issuing a key: the subscriber's own public key, or a pair that this browser makes and shows once.
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { Button, ButtonLink, RadioGroup, Select, TextField } from "../../parts/controls";
import { ErrorNotice, Loading, Notice, PageHead } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { useOrganisations } from "../administrator/data";
import { saveFile } from "../administrator/envelopes";
import { useFeedKeys, type FeedKey } from "./data";
import { Door, territoryName } from "./keys";
import { makePair, type Pair } from "./pair";

interface Wish { name: string; territory: string; publicKey: string; }
type Whose = "own" | "here";

// federation, region, municipality: what a key may be limited to.
function useTerritories() {
  const lists = [
    useOrganisations({ asOf: "", kind: "federation", below: "", query: "" }),
    useOrganisations({ asOf: "", kind: "region", below: "", query: "" }),
    useOrganisations({ asOf: "", kind: "municipality", below: "", query: "" }),
  ];
  return {
    isPending: lists.some((list) => list.isPending),
    error: lists.find((list) => list.error)?.error,
    choices: lists.flatMap((list) => list.data ?? []).map((one) => ({ id: one.path, text: one.shortName })),
  };
}

function Issued({ issued, pair }: { issued: FeedKey; pair: Pair | null }) {
  const { t } = useTranslation("feed");
  const door = useFeedKeys();
  return (
    <>
      <Notice tone="good">{t("issued", { name: issued.name, territory: territoryName(issued) })}</Notice>
      {pair && (
        <Notice tone="warning" title={t("onceTitle")}
          action={<Button kind="primary" icon="download" onPress={() => saveFile("feed-keys.txt", `${pair.publicKey}\n${pair.secretKey}\n`)}>{t("saveFile")}</Button>}>
          <p>{t("once")}</p>
          <dl className="facts">
            <dt>{t("publicKey")}</dt><dd><code className="wrapped">{pair.publicKey}</code></dd>
            <dt>{t("secretKey")}</dt><dd><code className="wrapped">{pair.secretKey}</code></dd>
          </dl>
        </Notice>
      )}
      <h2>{t("doorTitle")}</h2>
      {door.data && <Door door={door.data} />}
      <ButtonLink href="/feed">{t("toList")}</ButtonLink>
    </>
  );
}

function Form({ onIssued }: { onIssued: (key: FeedKey, pair: Pair | null) => void }) {
  const { t } = useTranslation("feed");
  const { t: common } = useTranslation();
  const territories = useTerritories();
  const queries = useQueryClient();
  const [whose, setWhose] = useState<Whose>("own");
  const [cannotMake, setCannotMake] = useState(false);
  const [wish, setWish] = useState<Wish>({ name: "", territory: "", publicKey: "" });
  const [made, setMade] = useState<Pair | null>(null);
  const [isAsked, setAsked] = useState(false);
  const issue = useCommand(
    (body: Wish, headers) => reply(api.POST("/api/v1/feed/keys", { body, headers })),
    {
      onDone: (key, body) => {
        void queries.invalidateQueries({ queryKey: ["feed"] });
        onIssued(key, made?.publicKey === body.publicKey ? made : null);
      },
    },
  );
  const problem = issue.error instanceof ProblemError ? issue.error : null;
  const missing = (text: string) => (isAsked && text.trim() === "" ? t("fill") : "");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    const pair = whose === "here" ? (made ?? (await makePair())) : null;
    if (whose === "here" && !pair) return setCannotMake(true);
    setMade(pair);
    const body = { name: wish.name.trim(), territory: wish.territory, publicKey: pair?.publicKey ?? wish.publicKey.trim() };
    if (body.name && body.territory && body.publicKey) issue.mutate(body);
  };
  if (territories.isPending) return <Loading rows={3} />;
  if (territories.error) return <ErrorNotice error={territories.error} />;
  return (
    <form className="form" noValidate onSubmit={(event) => void submit(event)}>
      <TextField label={t("name")} hint={t("nameHint")} value={wish.name} onChange={(name) => setWish({ ...wish, name })}
        error={problem?.messageFor("name") || missing(wish.name)} />
      <Select label={t("territory")} hint={t("territoryHint")} choices={territories.choices} value={wish.territory}
        onChange={(territory) => setWish({ ...wish, territory })} error={problem?.messageFor("territory") || missing(wish.territory)} />
      <RadioGroup label={t("whose")} value={whose} onChange={(id) => setWhose(id as Whose)}
        choices={[{ id: "own", text: t("whoseOwn") }, { id: "here", text: t("whoseHere") }]} hint={t(whose === "own" ? "whoseOwnHint" : "whoseHereHint")} />
      {whose === "own" && (
        <TextField label={t("publicKey")} hint={t("publicKeyHint")} value={wish.publicKey} onChange={(publicKey) => setWish({ ...wish, publicKey })}
          error={problem?.messageFor("publicKey") || missing(wish.publicKey)} />
      )}
      {whose === "here" && cannotMake && <Notice tone="warning">{t("cannotMake")}</Notice>}
      {issue.error && !(problem && problem.violations.length > 0) ? <ErrorNotice error={issue.error} /> : null}
      <Button kind="primary" type="submit" isDisabled={issue.isPending}>{t("issue")}</Button>
      <ButtonLink href="/feed" kind="quiet">{common("cancel")}</ButtonLink>
    </form>
  );
}

export function FeedIssuePage() {
  const { t } = useTranslation("feed");
  const [done, setDone] = useState<{ key: FeedKey; pair: Pair | null } | null>(null);
  return (
    <>
      <PageHead title={t("issueTitle")} />
      {done ? <Issued issued={done.key} pair={done.pair} /> : <Form onIssued={(key, pair) => setDone({ key, pair })} />}
    </>
  );
}
