// Help about the page in sight: the link in the top bar names the section that belongs to it.
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { Icon } from "../../parts/icons";

const SECTIONS: [string, string][] = [
  ["/profile", "1.3"], ["/sessions", "1.4"], ["/indicators", "2"], ["/queue", "3"], ["/reports/start", "4.1"],
  ["/reports/provided", "4.2"], ["/statistics", "4.4"], ["/rounds", "5.1"], ["/programmes", "5.1"], ["/organisations", "5.2"], ["/accounts", "5.3"],
  ["/notifications", "6"],
];

export function HelpLink() {
  const { t } = useTranslation();
  const [location] = useLocation();
  const section = SECTIONS.find(([path]) => location.startsWith(path))?.[1];
  return (
    <Link href={section ? `/help?section=${section}` : "/help"} className="button quiet icon-only" aria-label={t("help")}>
      <Icon name="help" />
    </Link>
  );
}
