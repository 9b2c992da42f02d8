// The act a programme stands on, with its table and its versions, word for word (S3.1-S3.5, S3.21, B17).
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { nameOf, PARAMETER, useHeadProgramme, useOwnProgrammes, useProgramme, useProgrammes, type ProgrammeEntry } from "../shared/programme";
import { api, reply } from "../../api/client";
import { useParameter } from "../../parts/address";
import { Button, Select } from "../../parts/controls";
import { formatDateTime } from "../../parts/format";
import { EmptyState, ErrorNotice, Loading, Notice, PageHead } from "../../parts/surfaces";
import { Act, type Wording } from "./act";
import { Measures } from "./measures";

export function DocumentPage() {
  const { t } = useTranslation("document");
  const [code, setCode] = useParameter(PARAMETER);
  const programmes = useProgrammes();
  const own = useOwnProgrammes(), head = useHeadProgramme();
  if (!programmes.data)
    return <><PageHead title={t("title")} />{programmes.error ? <ErrorNotice error={programmes.error} onRetry={() => void programmes.refetch()} /> : <Loading rows={10} />}</>;
  const offered = programmes.data.programmes.filter((one) => one.hasDocument);
  const isOwnKnown = code !== "" || head.isKnown;
  if (!isOwnKnown) return <><PageHead title={t("title")} /><Loading rows={10} /></>;
  const mine = offered.find((one) => own.some((other) => other.code === one.code));
  const programme = offered.find((one) => one.code === code) ?? mine ?? offered[0];
  if (!programme) return <><PageHead title={t("title")} /><EmptyState icon="file" title={t("empty.title")}>{t("empty.text")}</EmptyState></>;
  const chooser = offered.length > 1 && (
    <Select label={t("choose")} isLabelHidden value={programme.code} onChange={(id) => setCode(id, true)} choices={offered.map((one) => ({ id: one.code, text: nameOf(one) }))} />
  );
  return <Sheet key={programme.code} programme={programme} chooser={chooser} />;
}

function Sheet({ programme, chooser }: { programme: ProgrammeEntry; chooser: React.ReactNode }) {
  const { t } = useTranslation("document");
  const { code, zone } = programme;
  const [versionName, setVersion] = useParameter("version");
  const number = Number(versionName) || 0;
  const current = useProgramme(code);
  const versions = useQuery({
    queryKey: ["programmes", code, "versions"], queryFn: () => reply(api.GET("/api/v1/programmes/{code}/versions", { params: { path: { code } } })),
  });
  const earlier = useQuery({
    queryKey: ["programmes", code, "versions", number], enabled: number > 0, staleTime: Infinity,
    queryFn: () => reply(api.GET("/api/v1/programmes/{code}/versions/{number}", { params: { path: { code, number } } })),
  });
  const isEarlier = number > 0;
  const shown = isEarlier ? earlier : current;
  const wording: Wording | undefined = isEarlier ? earlier.data?.file : current.data;
  const isOld = isEarlier && earlier.data && number !== programme.version;
  return (
    <article className="act-page">
      <PageHead title={nameOf(programme)} status={<span>{t("title")}</span>}
        actions={<>{chooser}<Button kind="primary" icon="print" onPress={() => window.print()}>{t("print")}</Button></>} />
      {isOld && (
        <Notice tone="warning" action={<Button onPress={() => setVersion("", true)}>{t("versions.toCurrent")}</Button>}>
          {t("versions.old", { number: String(number), at: formatDateTime(earlier.data.loadedAt, zone) })}
        </Notice>
      )}
      {shown.isPending && <Loading rows={10} />}
      {shown.error && <ErrorNotice error={shown.error} onRetry={() => void shown.refetch()} />}
      {wording && <><Act wording={wording} /><Measures wording={wording} /></>}
      <section className="act-versions" aria-labelledby="act-versions">
        <h2 id="act-versions">{t("versions.title")}</h2>
        {versions.error && <ErrorNotice error={versions.error} onRetry={() => void versions.refetch()} />}
        <ol>
          {versions.data?.versions.map((one) => {
            const isShown = isEarlier ? one.version === number : one.version === programme.version;
            return (
              <li key={one.version} aria-current={isShown ? "true" : undefined}>
                <span className="act-version-text">
                  <strong>{t("versions.number", { number: String(one.version) })}</strong>{one.version === programme.version && <> <span className="state accepted">{t("versions.current")}</span></>}
                  <span>{one.basis || t("versions.noBasis")}</span>
                  <span className="muted">{t("versions.loaded", { at: formatDateTime(one.loadedAt, zone) })}</span>
                </span>
                {isShown
                  ? <span className="muted">{t("versions.shown")}</span>
                  : <Button isSmall onPress={() => { setVersion(one.version === programme.version ? "" : String(one.version), true); window.scrollTo(0, 0); }}>{t("versions.show", { number: String(one.version) })}</Button>}
              </li>
            );
          })}
        </ol>
      </section>
    </article>
  );
}
