// Who I am and how to reach me (S2.17): mandatory before work starts, later to be changed.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { session } from "../../api/session";
import { Button, TextField } from "../../parts/controls";
import { ErrorNotice, ErrorSummary, Loading, PageHead, useToast } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { EntryFrame } from "./frame";
import { PasswordForm } from "./password";
import { ProviderLink } from "./provider-link";

const FIELDS = ["familyName", "givenName", "middleName", "position", "phone", "email"] as const;
type FieldName = (typeof FIELDS)[number];
type Values = Record<FieldName, string>;
const OPTIONAL: readonly FieldName[] = ["middleName"];
const COMPLETION: Record<FieldName, string> = {
  familyName: "family-name", givenName: "given-name", middleName: "additional-name",
  position: "organization-title", phone: "tel", email: "email",
};

function ProfileForm({ initial, button, onDone }: { initial: Values; button: string; onDone?: () => void }) {
  const { t } = useTranslation("entry");
  const queries = useQueryClient();
  const [values, setValues] = useState(initial);
  const [missing, setMissing] = useState<FieldName[]>([]);
  const command = useCommand(
    (body: Values, headers) => reply(api.PUT("/api/v1/profile", { body, headers })),
    {
      onDone: (result) => {
        void queries.invalidateQueries({ queryKey: ["profile"] });
        session.enter(result.account);
        onDone?.();
      },
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const empty = FIELDS.filter((name) => !OPTIONAL.includes(name) && !values[name].trim());
    setMissing(empty);
    if (empty.length === 0) command.mutate(values);
  };
  const refusal = command.error instanceof ProblemError ? command.error : null;
  const errorOf = (name: FieldName) =>
    missing.includes(name) ? t("fillIn", { field: t(name) }) : (refusal?.messageFor(name) ?? "");
  const errors = FIELDS.map((name) => ({ fieldId: `profile-${name}`, message: errorOf(name) })).filter((error) => error.message);
  return (
    <form onSubmit={submit} noValidate className="form">
      {command.error && errors.length === 0 ? <ErrorNotice error={command.error} /> : null}
      <ErrorSummary errors={errors} />
      {FIELDS.map((name) => (
        <TextField key={name} id={`profile-${name}`} label={t(name)} value={values[name]} autoComplete={COMPLETION[name]}
          onChange={(value) => setValues({ ...values, [name]: value })} error={errorOf(name)} isRequired={!OPTIONAL.includes(name)}
          type={name === "phone" ? "tel" : name === "email" ? "email" : "text"}
          hint={name === "phone" ? t("phoneHint") : name === "email" ? t("emailHint") : undefined} />
      ))}
      <Button kind="primary" type="submit" isDisabled={command.isPending}>{button}</Button>
    </form>
  );
}

function useProfile() {
  return useQuery({ queryKey: ["profile"], queryFn: () => reply(api.GET("/api/v1/profile")) });
}

export function FirstProfile() {
  const { t } = useTranslation("entry");
  const profile = useProfile();
  return (
    <EntryFrame title={t("profileTitle")} step={t("stepProfile")}>
      <p className="muted">{t("profileIntro")}</p>
      {profile.isPending && <Loading />}
      {profile.error && <ErrorNotice error={profile.error} onRetry={() => void profile.refetch()} />}
      {profile.data && <ProfileForm initial={profile.data} button={t("saveProfile")} />}
    </EntryFrame>
  );
}

export function ProfilePage() {
  const { t } = useTranslation("entry");
  const profile = useProfile();
  const { toast, show } = useToast();
  const [version, setVersion] = useState(0);
  useEffect(() => setVersion((known) => known + 1), [profile.dataUpdatedAt]);
  return (
    <>
      <PageHead title={t("profileEditTitle")} status={t("profileIntro")} />
      <div className="columns">
        <section aria-labelledby="profile-heading">
          <h2 id="profile-heading" className="visually-hidden">{t("profileEditTitle")}</h2>
          {profile.isPending && <Loading />}
          {profile.error && <ErrorNotice error={profile.error} onRetry={() => void profile.refetch()} />}
          {profile.data && <ProfileForm key={version} initial={profile.data} button={t("saveProfileEdit")} onDone={() => show(t("profileSaved"))} />}
        </section>
        {!profile.isPending && (
          <div>
            <section aria-labelledby="password-heading">
              <h2 id="password-heading">{t("passwordChangeTitle")}</h2>
              <PasswordForm onDone={() => show(t("passwordChanged"))} />
            </section>
            <ProviderLink />
          </div>
        )}
      </div>
      {toast}
    </>
  );
}
