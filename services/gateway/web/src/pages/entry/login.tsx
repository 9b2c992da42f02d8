// Login; also over a page whose session ran out.
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { session, type Account } from "../../api/session";
import { Button, TextField } from "../../parts/controls";
import { Dialog, ErrorNotice } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { EntryFrame } from "./frame";
import { entryLink } from "./link";
import { ProviderButton } from "./provider-button";

export function PasswordField({ label, value, onChange, hint, error, autoComplete, id, autoFocus }: {
  label: string; value: string; onChange: (value: string) => void; hint?: string; error?: string | undefined;
  autoComplete: string; id?: string; autoFocus?: boolean;
}) {
  const { t } = useTranslation("common");
  const [isShown, setShown] = useState(false);
  return (
    <TextField label={label} value={value} onChange={onChange} type={isShown ? "text" : "password"} autoComplete={autoComplete}
      isRequired {...(hint ? { hint } : {})} {...(error ? { error } : {})} {...(id ? { id } : {})} {...(autoFocus ? { autoFocus } : {})}
      unit={<Button kind="quiet" isSmall onPress={() => setShown(!isShown)}>{t(isShown ? "hidePassword" : "showPassword")}</Button>} />
  );
}

export function LoginForm({ known, onEntered }: { known?: Account; onEntered?: () => void }) {
  const { t } = useTranslation("entry");
  const [login, setLogin] = useState(known?.login ?? entryLink?.login ?? "");
  const [password, setPassword] = useState(known ? "" : entryLink?.code ?? "");
  const [errors, setErrors] = useState<{ login?: string; password?: string }>({});
  const command = useCommand(
    (body: { login: string; password: string }, header) => reply(api.POST("/api/v1/session", { body, headers: header })),
    {
      onDone: (result) => {
        session.enter(result.account);
        onEntered?.();
      },
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = {
      ...(login.trim() ? {} : { login: t("fillIn", { field: t("login") }) }),
      ...(password ? {} : { password: t("fillIn", { field: t("password") }) }),
    };
    setErrors(found);
    if (Object.keys(found).length === 0) command.mutate({ login: login.trim(), password });
  };
  const refusal = command.error instanceof ProblemError ? command.error : null;
  return (
    <form onSubmit={submit} noValidate className="form">
      {command.error ? <ErrorNotice error={command.error} /> : null}
      <TextField label={t("login")} value={login} onChange={setLogin} autoComplete="username" isRequired isReadOnly={Boolean(known)}
        error={errors.login ?? refusal?.messageFor("login") ?? ""} autoFocus={!known} id="login" />
      <PasswordField label={t("password")} value={password} onChange={setPassword} autoComplete="current-password"
        error={errors.password} id="password" autoFocus={Boolean(known)} />
      <Button kind="primary" type="submit" isDisabled={command.isPending}>{t("submit")}</Button>
    </form>
  );
}

// isOver: whose session ran out; the page stays beneath as it was.
export function Login({ isOver }: { isOver?: Account }) {
  const { t } = useTranslation("entry");
  if (isOver)
    return (
      <Dialog isOpen title={t("expiredTitle")}>
        <p>{t("expired")}</p>
        <LoginForm known={isOver} />
        <ProviderButton back={window.location.pathname + window.location.search} />
        <Button kind="quiet" onPress={() => { session.leave(); window.location.assign("/"); }}>{t("leave")}</Button>
      </Dialog>
    );
  return (
    <EntryFrame title={t("title")}>
      <p className="muted">{t(entryLink ? "byLink" : "intro")}</p>
      <LoginForm />
      <ProviderButton />
      <details className="help-block">
        <summary>{t("helpTitle")}</summary>
        <p>{t("help")}</p>
      </details>
    </EntryFrame>
  );
}
