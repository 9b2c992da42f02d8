// Words that several pages of messages share: what it is, its state, to whom it goes.
import { useTranslation } from "react-i18next";
import { formatDate, formatDateTime, formatNumber, zoneName } from "../../parts/format";
import { Icon } from "../../parts/icons";
import type { AudienceLevel, Kind, Level } from "./data";

interface Named { kind: string; number: string; datedOn: string; }

// «Письмо от 01.04.2021 № 19-9105».
export function useName(): (message: Named) => string {
  const { t } = useTranslation("messages");
  return ({ kind, number, datedOn }) => {
    const name = t(`kind.${kind as Kind}`);
    return number ? t("numbered", { name, day: formatDate(datedOn), number }) : name;
  };
}

// Where a minute matters the zone is named.
export function When({ at, zone }: { at: string; zone: string }) {
  return <span className="nowrap">{formatDateTime(at, zone)} ({zoneName(at, zone)})</span>;
}

export function StateWord({ state }: { state: string }) {
  const { t } = useTranslation("messages");
  if (state === "draft") return <span className="state draft">{t("state.draft")}</span>;
  if (state === "sent") return null;
  return <span className="state rejected"><Icon name="undo" size={16} />{t(`state.${state as "recalled"}`)}</span>;
}

// «Школы: 12 (в 12 организациях)», a line a level.
export function AudienceList({ levels }: { levels: AudienceLevel[] }) {
  const { t } = useTranslation("messages");
  return (
    <ul className="message-levels">
      {levels.map((one) => (
        <li key={one.level}>
          {t(`level.${one.level as Level}`)} — <strong>{formatNumber(one.accounts)}</strong>{" "}
          <span className="muted">{t("inOrganisations", { count: one.organisations })}</span>
        </li>
      ))}
    </ul>
  );
}
