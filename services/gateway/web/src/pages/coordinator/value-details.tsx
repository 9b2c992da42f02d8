// The chosen value: its figures, the documents that prove it, all that was sent, said and decided.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import { ProblemError } from "../../api/problem";
import type { components } from "../../api/schema";
import { useAccount } from "../../api/session";
import { Button } from "../../parts/controls";
import { formatDate, formatSize, formatTime } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { ErrorNotice, Loading } from "../../parts/surfaces";
import { Course } from "../shared/course";
import { useProgramme, useWord } from "../shared/programme";
import { ReasonText } from "./reason";
import { useValueText, type ProvidedValue } from "./values";

type Verdicts = Full<components["schemas"]["ListVerdictsReply"]>;

// Nothing was ever sent: there is no history, which is no mistake.
function useVerdicts(assignmentId: string, isAllowed: boolean) {
  return useQuery({
    queryKey: ["verdicts", assignmentId], enabled: isAllowed,
    queryFn: async (): Promise<Verdicts> => {
      try {
        return await reply(api.GET("/api/v1/assignments/{assignmentId}/verdicts", { params: { path: { assignmentId } } }));
      } catch (error) {
        if (error instanceof ProblemError && error.status === 404) return { verdicts: [], documents: [] };
        throw error;
      }
    },
  });
}

export function ValueDetails({ value, zone, programmeCode, isPast, onClose }:
  { value: ProvidedValue; zone: string; programmeCode: string; isPast: boolean; onClose: () => void }) {
  const { t } = useTranslation("coordinator");
  const { role } = useAccount();
  const mayReadVerdicts = role === "ROLE_OPERATOR" || role === "ROLE_COORDINATOR";
  const history = useVerdicts(value.assignmentId, mayReadVerdicts);
  const word = useWord(useProgramme(programmeCode).data);
  const words = { respondent: word("respondent") || t("course.respondent"), reviewer: word("reviewer") || t("course.reviewer") };
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [value.assignmentId]);
  // Of a past day only what was judged then: the documents are those of the version sent last.
  const hasDocuments = value.hasData && (!isPast || history.data?.verdicts[0]?.at === value.at);
  return (
    <section className="details" aria-labelledby="value-heading">
      <div className="value-head">
        <h2 id="value-heading" tabIndex={-1} ref={heading}>{value.question}</h2>
        <Button kind="quiet" icon="cross" aria-label={t("close", { ns: "common" })} onPress={onClose} />
      </div>
      <ValueFigures value={value} zone={zone} />
      {history.isLoading && <Loading rows={2} />}
      {history.error && <ErrorNotice error={history.error} onRetry={() => void history.refetch()} />}
      {history.data && hasDocuments && <Documents documents={history.data.documents} />}
      {mayReadVerdicts && <Course key={value.assignmentId} assignmentId={value.assignmentId} zone={zone} words={words} />}
    </section>
  );
}

// «07.08.2020 - 13:10:03», as the reports have always said it (S2.60).
function momentOf(iso: string, zone: string): string {
  const seconds = String(new Date(iso).getUTCSeconds()).padStart(2, "0");
  return `${formatDate(iso, zone)} - ${formatTime(iso, zone)}:${seconds}`;
}

function ValueFigures({ value, zone }: { value: ProvidedValue; zone: string }) {
  const { t } = useTranslation("coordinator");
  const textOf = useValueText();
  if (!value.hasData) return <p>{t("noData", { ns: "common" })}: <ReasonText reason={value.reason} at={value.reasonAt} zone={zone} /></p>;
  return (
    <>
      <p className="big-value">{textOf(value)}</p>
      {value.secondQuestion && <p className="muted">{t("valuesPage.parts", { part: value.question, whole: value.secondQuestion })}</p>}
      <p>{t("valuesPage.given", { moment: momentOf(value.at, zone) })}</p>
    </>
  );
}

function Documents({ documents }: { documents: Verdicts["documents"] }) {
  const { t } = useTranslation("coordinator");
  if (documents.length === 0) return null;
  return (
    <>
      <h3>{t("valuesPage.documents")}</h3>
      <ul className="plain-list">
        {documents.map((document) => (
          <li key={document.documentId}>
            <a href={`/api/v1/documents/${document.documentId}/content`} target="_blank" rel="noreferrer"><Icon name="file" /> {document.fileName}</a>
            {" "}<span className="muted">{[document.pages ? t("pages", { ns: "common", count: document.pages }) : "", formatSize(document.sizeBytes)].filter(Boolean).join(", ")}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
