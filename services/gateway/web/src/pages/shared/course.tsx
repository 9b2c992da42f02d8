// The course of one answer as everybody who may see it sees it: each version sent, what was said, each verdict (S1.2, S1.39).
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import { ProblemError } from "../../api/problem";
import type { components } from "../../api/schema";
import { formatDateTime } from "../../parts/format";
import { ErrorNotice, Loading } from "../../parts/surfaces";
import { parseRows } from "./table-rows";

type Sent = Full<components["schemas"]["SentVersion"]>;
type Remark = Full<components["schemas"]["Remark"]>;

export interface CourseWords { respondent: string; reviewer: string; }

const SENT_PAGE = 20;
const REMARKS_PAGE = 60;

async function readSent(assignmentId: string): Promise<Sent[]> {
  const all: Sent[] = [];
  for (let size = SENT_PAGE; size === SENT_PAGE;) {
    const query = { limit: SENT_PAGE, ...(all.length > 0 && { beforeVersion: all.at(-1)!.version }) };
    const page = await reply(api.GET("/api/v1/assignments/{assignmentId}/sent", { params: { path: { assignmentId }, query } }));
    all.push(...page.versions);
    size = page.versions.length;
  }
  // Tables come one by one.
  const newest = all[0];
  if (newest?.valueKind !== "table") return all;
  const whole = await reply(api.GET("/api/v1/assignments/{assignmentId}/sent", { params: { path: { assignmentId }, query: { version: newest.version } } }));
  return [...whole.versions, ...all.slice(1)];
}

async function readRemarks(assignmentId: string): Promise<Remark[]> {
  const all: Remark[] = [];
  for (let size = REMARKS_PAGE; size === REMARKS_PAGE;) {
    const last = all.at(-1);
    const query = { limit: REMARKS_PAGE, ...(last && { afterAt: last.at, afterRemarkId: last.remarkId }) };
    const page = await reply(api.GET("/api/v1/assignments/{assignmentId}/remarks", { params: { path: { assignmentId }, query } }));
    all.push(...page.remarks);
    size = page.remarks.length;
  }
  return all;
}

export const COURSE = "course";

// Nothing was ever sent: there is no course, which is no mistake.
const useCourse = (assignmentId: string) =>
  useQuery({
    queryKey: [COURSE, assignmentId],
    queryFn: async () => {
      try {
        const [sent, remarks] = await Promise.all([readSent(assignmentId), readRemarks(assignmentId)]);
        return { sent, remarks };
      } catch (error) {
        if (error instanceof ProblemError && error.status === 404) return { sent: [], remarks: [] };
        throw error;
      }
    },
  });

interface Step { key: string; at: string; version: number; who: string; act: "sent" | "accepted" | "rejected" | "withdrawn" | "said"; text: string; sent?: Sent; }

function stepsOf(sent: Sent[], remarks: Remark[], words: CourseWords): Step[] {
  const steps: Step[] = remarks.map((remark) => ({
    key: remark.remarkId, at: remark.at, version: remark.version, act: "said", text: remark.text,
    who: remark.authorRole === "respondent" ? words.respondent : words.reviewer,
  }));
  for (const one of sent) {
    steps.push({ key: `sent ${one.version}`, at: one.sentAt, version: one.version, act: "sent", text: one.comment, who: words.respondent, sent: one });
    const act = (["accepted", "rejected", "withdrawn"] as const).find((state) => state === one.state);
    if (act && one.closedAt)
      steps.push({ key: `closed ${one.version}`, at: one.closedAt, version: one.version, act, text: one.resolution, who: act === "withdrawn" ? words.respondent : words.reviewer });
  }
  return steps.sort((a, b) => a.at.localeCompare(b.at) || a.version - b.version);
}

export function Course({ assignmentId, zone, words }: { assignmentId: string; zone: string; words: CourseWords }) {
  const { t } = useTranslation("coordinator");
  const course = useCourse(assignmentId);
  if (course.error) return <ErrorNotice error={course.error} onRetry={() => void course.refetch()} />;
  if (!course.data) return <Loading rows={2} />;
  const steps = stepsOf(course.data.sent, course.data.remarks, words);
  return (
    <section aria-labelledby="course-heading">
      <h3 id="course-heading">{t("course.title")}</h3>
      {steps.length === 0 && <p className="muted">{t("course.empty")}</p>}
      <ol className="plain-list course">
        {steps.map((step) => (
          <li key={step.key}>
            <div>
              <strong>{t(`course.act.${step.act}`, { version: String(step.version) })}</strong>{" "}
              <span className="muted">{step.who} · <span className="nowrap">{formatDateTime(step.at, zone)}</span>{step.act === "said" && ` · ${t("course.about", { version: String(step.version) })}`}</span>
            </div>
            {step.text && <p className={step.act === "rejected" ? "value-resolution" : "course-text"}>{step.text}</p>}
            {step.sent && <Content sent={step.sent} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Content({ sent }: { sent: Sent }) {
  const { t } = useTranslation("coordinator");
  const rows = sent.valueKind === "table" ? parseRows(sent.value) : [];
  return (
    <>
      {rows.length > 0 && (
        <div className="course-rows" tabIndex={0} role="region" aria-label={t("course.rows")}>
          <table><tbody>{rows.map((row, index) => <tr key={index}>{row.map((cell, column) => <td key={column}>{cell}</td>)}</tr>)}</tbody></table>
        </div>
      )}
      {sent.documents.length > 0 && <div className="muted">{sent.documents.map((document) => document.fileName).join(", ")}</div>}
    </>
  );
}
