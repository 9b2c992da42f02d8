// A password of one's own: mandatory at the first login, later by choice.
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { session } from "../../api/session";
import { Button } from "../../parts/controls";
import { ErrorNotice } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { EntryFrame } from "./frame";
import { entryLink } from "./link";
import { PasswordField } from "./login";

const MIN_CHARS = 8;

// code: of the link by which somebody came in, who need not say it again.
export function PasswordForm({ onDone, code = "" }: { onDone?: () => void; code?: string }) {
  const { t } = useTranslation("entry");
  const [current, setCurrent] = useState(code);
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [errors, setErrors] = useState<{ current?: string; next?: string; again?: string }>({});
  const command = useCommand(
    (body: { currentPassword: string; newPassword: string }, headers) =>
      reply(api.POST("/api/v1/session:changePassword", { body, headers })),
    {
      onDone: (result) => {
        setCurrent("");
        setNext("");
        setAgain("");
        session.enter(result.account);
        onDone?.();
      },
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = {
      ...(current ? {} : { current: t("fillIn", { field: t("currentPassword") }) }),
      ...(next.length >= MIN_CHARS ? {} : { next: t("passwordTooShort") }),
      ...(next === again ? {} : { again: t("passwordsDiffer") }),
    };
    setErrors(found);
    if (Object.keys(found).length === 0) command.mutate({ currentPassword: current, newPassword: next });
  };
  const refusal = command.error instanceof ProblemError ? command.error : null;
  return (
    <form onSubmit={submit} noValidate className="form">
      {command.error ? <ErrorNotice error={command.error} /> : null}
      {(!code || errors.current || refusal?.messageFor("currentPassword")) && (
        <PasswordField label={t("currentPassword")} value={current} onChange={setCurrent} autoComplete="current-password"
          error={errors.current ?? refusal?.messageFor("currentPassword")} />
      )}
      <PasswordField label={t("newPassword")} value={next} onChange={setNext} autoComplete="new-password" hint={t("newPasswordHint")}
        error={errors.next ?? refusal?.messageFor("newPassword")} />
      <PasswordField label={t("repeatPassword")} value={again} onChange={setAgain} autoComplete="new-password" error={errors.again} />
      <Button kind="primary" type="submit" isDisabled={command.isPending}>{t("setPassword")}</Button>
    </form>
  );
}

export function FirstPassword() {
  const { t } = useTranslation("entry");
  return (
    <EntryFrame title={t("passwordTitle")} step={t("stepPassword")}>
      <p className="muted">{t("passwordIntro")}</p>
      <PasswordForm code={entryLink?.code ?? ""} />
    </EntryFrame>
  );
}
