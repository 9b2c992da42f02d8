// The frame around every page: who I am, where I can go, whether the line is up.
import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { abandonRequests, api, reply } from "./api/client";
import { useProviderName } from "./api/provider";
import { session, useAccount } from "./api/session";
import { Button } from "./parts/controls";
import { Bell } from "./pages/shared/bell";
import { HelpLink } from "./pages/shared/help-link";
import { nameOf, PARAMETER, useHeadProgramme, useOffers } from "./pages/shared/programme";
import { useParameter } from "./parts/address";
import { Icon } from "./parts/icons";
import type { Place } from "./places";
import { chooseLanguage } from "./texts";

const ProgrammeChooser = lazy(() => import("./pages/shared/programme-chooser").then((module) => ({ default: module.ProgrammeChooser })));

function useIsOnline(): boolean {
  const [isOnline, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const change = () => setOnline(navigator.onLine);
    window.addEventListener("online", change);
    window.addEventListener("offline", change);
    return () => {
      window.removeEventListener("online", change);
      window.removeEventListener("offline", change);
    };
  }, []);
  return isOnline;
}

async function logOut(): Promise<void> {
  if (!(await session.mayLeave())) return;
  abandonRequests();
  let next = "";
  try {
    next = (await reply(api.DELETE("/api/v1/session"))).providerLogoutAddress;
  } finally {
    session.leave();
    window.location.assign(next || "/");
  }
}

export function LanguageSwitch() {
  const { i18n, t } = useTranslation();
  const next = i18n.language === "en" ? "ru" : "en";
  return (
    <Button kind="quiet" isSmall onPress={() => void chooseLanguage(next)} aria-label={`${t("language")}: ${next === "en" ? "English" : "Русский"}`}>
      {next === "en" ? "English" : "Русский"}
    </Button>
  );
}

// `system`: what is monitored here; "" while that is not known.
export function Brand({ system, title }: { system: string; title?: string }) {
  const { t } = useTranslation();
  return (
    <Link href="/" className="brand" {...(title ? { title } : {})}>
      <img src="/icon.svg" width="28" height="28" alt="" />
      <span><strong>{t("product")}</strong>{system && <span className="brand-system"> · {system}</span>}</span>
    </Link>
  );
}

// The one programme that this person has to do with, or that the address names; of several the system's name (S2.1, S2.19).
function ProgrammeBrand() {
  const { t } = useTranslation();
  const { isKnown, programme } = useHeadProgramme();
  if (!programme) return <Brand system={isKnown ? t("system") : ""} />;
  return <Brand system={nameOf(programme)} title={programme.title} />;
}

function PersonMenu() {
  const { t } = useTranslation();
  const account = useAccount();
  const provider = useProviderName(account.byProvider);
  const [, go] = useLocation();
  const act = (key: React.Key) => {
    if (key === "logout") void logOut();
    else go(String(key));
  };
  return (
    <MenuTrigger>
      <AriaButton className="button quiet person" aria-label={`${t("loggedInAs")} ${account.displayName || account.login}`}>
        <Icon name="person" />
        <span className="person-name">{account.displayName || account.login}</span>
        <Icon name="down" size={16} />
      </AriaButton>
      <Popover className="popover" placement="bottom end">
        <div className="person-card">
          <div className="muted">{t("loggedInAs")}</div>
          <strong>{account.displayName || account.login}</strong>
          <div>{t(`role.${account.role as "ROLE_RESPONDENT"}`)}</div>
          <div className="muted">{account.organisationName}</div>
        </div>
        <Menu className="list-box" onAction={act}>
          <MenuItem className="list-item" id="/profile">{t("profile")}</MenuItem>
          <MenuItem className="list-item" id="/sessions">{t("sessions")}</MenuItem>
          <MenuItem className="list-item" id="logout">{provider ? t("logoutBoth", { name: provider }) : t("logout")}</MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function Rail({ places, onGo }: { places: Place[]; onGo: () => void }) {
  const { t } = useTranslation();
  const [location] = useLocation();
  const [programme] = useParameter(PARAMETER);
  const hrefOf = (place: Place) => (place.isOfProgramme && programme ? `${place.path}?${PARAMETER}=${encodeURIComponent(programme)}` : place.path);
  return (
    <nav aria-label={t("menu")}>
      <ul className="rail-list">
        {places.map((place) => (
          <li key={place.id}>
            <Link href={hrefOf(place)} className="rail-link" aria-current={location.startsWith(place.path) ? "page" : undefined} onClick={onGo}>
              <Icon name={place.icon} />
              <span>{t(`nav.${place.id as "work"}`)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

export function Layout({ places, children }: { places: Place[]; children: ReactNode }) {
  const { t } = useTranslation();
  const isOnline = useIsOnline();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const offers = useOffers();
  const account = useAccount();
  const shown = places.filter((place) => !place.isHidden && (!place.offer || offers.has(place.offer)));
  const hasRail = shown.length > 0;
  return (
    <div className="frame">
      <a className="skip-link" href="#content">{t("skipToContent")}</a>
      <header className="top">
        {hasRail && (
          <button type="button" className="button quiet icon-only menu-button" aria-expanded={isMenuOpen} aria-controls="rail"
            aria-label={t(isMenuOpen ? "closeMenu" : "menu")} onClick={() => setMenuOpen(!isMenuOpen)}>
            <Icon name={isMenuOpen ? "cross" : "menu"} />
          </button>
        )}
        <ProgrammeBrand />
        {account.role === "ROLE_RESPONDENT" && (
          <Suspense><ProgrammeChooser stay={places.filter((place) => place.isOfProgramme).map((place) => place.path)} /></Suspense>
        )}
        <div className="top-end">
          <LanguageSwitch />
          <HelpLink places={places} />
          <Bell />
          <PersonMenu />
        </div>
      </header>
      {!isOnline && <div className="offline-bar" role="status"><Icon name="alert" />{t("offlineBar")}</div>}
      <div className="body">
        {hasRail && <div id="rail" className={`rail ${isMenuOpen ? "open" : ""}`}><Rail places={shown} onGo={() => setMenuOpen(false)} /></div>}
        <main id="content" className="page" tabIndex={-1}>{children}</main>
      </div>
    </div>
  );
}
