// Who the responsible parties of a table are in this system: without that nobody would be asked (S3.15).
import { useTranslation } from "react-i18next";
import { Select, TextField } from "../../parts/controls";
import type { Decisions, Who } from "../../table/programme";
import { useOrganisations } from "./data";
import { useSettled } from "./shared";

const CHOICES = ["organisation", "outside", "all_schools", "all_authorities"] as const;

interface Props { party: { title: string; isSaidOutside: boolean }; who: Who; onChange: (who: Who) => void; }

function Party({ party, who, onChange }: Props) {
  const { t } = useTranslation("table");
  const code = who.is === "organisation" ? who.code.trim() : "";
  const asked = useSettled(code);
  const found = useOrganisations({ asOf: "", kind: "", below: "", query: asked }, asked.length > 1);
  const organisation = found.data?.find((one) => one.code === asked);
  const isUnknown = asked !== "" && asked === code && found.data !== undefined && !found.isPlaceholderData && !organisation;
  return (
    <li className="field-row">
      <div>
        <strong>{party.title}</strong>
        {party.isSaidOutside && <div className="muted">{t("who.saidOutside")}</div>}
      </div>
      <Select label={`${t("who.label")}: ${party.title}`} isLabelHidden choices={[...(who.is === "undecided" ? [{ id: "undecided", text: t("who.choose") }] : []), ...CHOICES.map((id) => ({ id, text: t(`who.${id}`) }))]}
        value={who.is} onChange={(id) => onChange(id === "organisation" ? { is: id, code } : { is: id as "outside" })} />
      {who.is === "organisation" && (
        <TextField label={t("who.code", { party: party.title })} value={who.code} onChange={(value) => onChange({ is: "organisation", code: value.trim() })}
          hint={organisation?.shortName ?? ""} error={code === "" ? t("who.codeMissing") : isUnknown ? t("who.codeUnknown") : ""} />
      )}
    </li>
  );
}

export function Parties({ parties, decisions, onChange }:
  { parties: readonly Props["party"][]; decisions: Decisions; onChange: (decisions: Decisions) => void }) {
  const { t } = useTranslation("table");
  return (
    <section aria-labelledby="table-parties">
      <h2 id="table-parties">{t("page.parties")}</h2>
      <ul className="table-parties">
        {parties.map((party) => (
          <Party key={party.title} party={party} who={decisions[party.title] ?? { is: party.isSaidOutside ? "outside" : "undecided" }}
            onChange={(who) => onChange({ ...decisions, [party.title]: who })} />
        ))}
      </ul>
    </section>
  );
}
