// Help about the page in sight: which section of the instruction each place belongs to, and links to it (S1.33).
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { useAccount } from "../../api/session";
import { Icon } from "../../parts/icons";
import type { Place } from "../../places";

const SECTIONS: Record<Place["id"], string> = {
  profile: "1.3", sessions: "1.4", work: "2", queue: "3", start: "4.1", provided: "4.2", statistics: "4.4", wall: "4.4",
  rounds: "5.1", programmes: "5.1", organisations: "5.2", accounts: "5.3", services: "5.5", audit: "5.6", feed: "5.7", calendar: "5.8", notifications: "6", messages: "6", campaigns: "6.3",
  plan: "7.1", roadmaps: "7.7", measures: "7.8", activity: "7.9", slices: "7.10", document: "8.1", roadmap: "8.4", files: "4.5", forecast: "4.6", help: "",
};
// Where a page below a place, or a role in it, has a section of its own.
const BELOW: [string, string][] = [["/programmes/book", "5.4"]];
const OF_CURATORS = "7.6";

export function HelpLink({ places }: { places: Place[] }) {
  const { t } = useTranslation();
  const [location] = useLocation();
  const { role } = useAccount();
  const isAt = (path: string) => location === path || location.startsWith(`${path}/`);
  const place = places.find((one) => isAt(one.path));
  const below = BELOW.find(([path]) => isAt(path))?.[1];
  const section = below ?? (place?.id === "queue" && role === "ROLE_CURATOR" ? OF_CURATORS : place && SECTIONS[place.id]);
  return (
    <Link href={section ? `/help?section=${section}` : "/help"} className="button quiet icon-only" aria-label={t("help")}>
      <Icon name="help" />
    </Link>
  );
}

// «см. раздел 7.2», where the work itself asks for it.
export function HelpSection({ number }: { number: string }) {
  const { t } = useTranslation();
  return <Link href={`/help?section=${number}`} className="help-section-link">{t("helpSection", { number })}</Link>;
}
