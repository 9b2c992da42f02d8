// Programmes: what is monitored, with its sections and items.
import { useTranslation } from "react-i18next";
import { ButtonLink } from "../../parts/controls";
import { useParameter } from "../../parts/address";
import { EmptyState, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { DataTable, type Column } from "../../parts/table";
import type { components } from "../../api/schema";
import type { Full } from "../../api/client";
import { useProgramme, useProgrammes } from "../shared/programme";
import type { Item, Programme } from "./data";
import { useEvidenceText, useParticipantsText } from "./plan-items";
import { Facts, RowLink } from "./shared";

type Entry = Full<components["schemas"]["ProgrammeEntry"]>;

function ItemText({ item }: { item: Item }) {
  const { t } = useTranslation("administrator");
  const participantsText = useParticipantsText();
  const evidenceText = useEvidenceText();
  const kind = t(`programmes.valueKind.${item.valueKind as "number"}`);
  return (
    <li className="item-text">
      <div>{item.question} {item.demo && <span className="state">{t("programmes.demo")}</span>}</div>
      <div className="muted">
        <code>{item.code}</code> · {kind}{item.unit && `, ${item.unit}`} · {participantsText(item.participants)} · {t("plan.evidence").toLowerCase()}: {evidenceText(item)}
      </div>
      {item.secondQuestion && <div className="muted">{t("programmes.second", { question: item.secondQuestion })}</div>}
      {item.evidence && <div className="muted">{t("programmes.evidence", { text: item.evidence })}</div>}
    </li>
  );
}

function Inside({ programme }: { programme: Programme }) {
  const { t } = useTranslation("administrator");
  const count = programme.sections.reduce((sum, section) => sum + section.items.length, 0);
  return (
    <section aria-label={programme.title} className="programme-inside">
      <div className="details-head">
        <h2>{programme.title}</h2>
        <ButtonLink href={`/programmes/book?programme=${encodeURIComponent(programme.code)}`} icon="edit">{t("programmes.book")}</ButtonLink>
      </div>
      <Facts rows={[
        [t("programmes.code"), programme.code], [t("programmes.version"), String(programme.version)], [t("programmes.zone"), programme.zone],
        [t("programmes.contact"), programme.helpContact], [t("plan.items"), t("programmes.counts", { sections: String(programme.sections.length), items: String(count) })],
      ]} />
      {programme.sections.map((section) => (
        <details key={section.code} className="section-box" open={programme.sections.length < 8}>
          <summary><strong>{section.title}</strong> <span className="count">{section.items.length}</span></summary>
          <ol className="item-list">{section.items.map((item) => <ItemText key={item.code} item={item} />)}</ol>
        </details>
      ))}
    </section>
  );
}

export function ProgrammesPage() {
  const { t } = useTranslation("administrator");
  const programmes = useProgrammes();
  const [chosen, setChosen] = useParameter("programme");
  const list = programmes.data?.programmes ?? [];
  const current = chosen || (list.length === 1 ? list[0]!.code : "");
  const programme = useProgramme(current);
  const columns: Column<Entry>[] = [
    { id: "title", title: t("programmes.name"), render: (entry) => <RowLink isCurrent={entry.code === current} onOpen={() => setChosen(entry.code, true)}>{entry.title}</RowLink> },
    { id: "code", title: t("programmes.code"), render: (entry) => entry.code },
    { id: "version", title: t("programmes.version"), isNumber: true, render: (entry) => entry.version },
    { id: "zone", title: t("programmes.zone"), render: (entry) => entry.zone },
  ];
  return (
    <>
      <PageHead title={t("programmes.title")} actions={<ButtonLink href="/programmes/load" kind="primary" icon="upload">{t("programmes.load")}</ButtonLink>} />
      {programmes.isPending && <Loading />}
      {programmes.error && <ErrorNotice error={programmes.error} onRetry={() => void programmes.refetch()} />}
      {programmes.data && list.length === 0 && <EmptyState title={t("programmes.emptyTitle")}>{t("programmes.empty")}</EmptyState>}
      {list.length > 1 && (
        <div className="short-table">
          <DataTable caption={t("programmes.title")} columns={columns} rows={list} keyOf={(entry) => entry.code} currentKey={current} onOpen={(entry) => setChosen(entry.code, true)} />
        </div>
      )}
      {programme.error && <ErrorNotice error={programme.error} onRetry={() => void programme.refetch()} />}
      {current && programme.isPending && <Loading />}
      {programme.data && <Inside programme={programme.data} />}
    </>
  );
}
