// Which page an address shows to whom.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, type ComponentType } from "react";
import { I18nProvider } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Redirect, Route, Switch, useRoute } from "wouter";
import { api, reply } from "./api/client";
import { ProblemError } from "./api/problem";
import { linkOffer } from "./api/provider";
import { session, useSession, type Account } from "./api/session";
import { Layout } from "./layout";
import { Login } from "./pages/entry/login";
import { Button } from "./parts/controls";
import { CrashGuard, ErrorNotice, Loading, NoRights, NotFound, Notice } from "./parts/surfaces";
import { PLACES, type Place } from "./places";

const FirstPassword = lazy(() => import("./pages/entry/password").then((module) => ({ default: module.FirstPassword })));
const FirstProfile = lazy(() => import("./pages/entry/profile").then((module) => ({ default: module.FirstProfile })));
const ExternalEntry = lazy(() => import("./pages/entry/external").then((module) => ({ default: module.ExternalEntry })));
const LinkOffer = lazy(() => import("./pages/entry/provider-link").then((module) => ({ default: module.LinkOffer })));

// Who sits here is known to the cookie, which scripts cannot read: the server is asked once.
function useStart() {
  const state = useSession();
  const question = useQuery({
    queryKey: ["session"],
    enabled: state.kind === "unknown",
    staleTime: Infinity,
    queryFn: async () => {
      try {
        const account = await reply(api.GET("/api/v1/session"));
        session.enter(account);
        return account;
      } catch (error) {
        if (!(error instanceof ProblemError && error.status === 401)) throw error;
        session.leave();
        return null;
      }
    },
  });
  return { state, error: question.error, retry: question.refetch };
}

export function App() {
  const { i18n } = useTranslation();
  return (
    <I18nProvider locale={i18n.language === "en" ? "en-GB" : "ru-RU"}>
      <CrashGuard fallback={<Crashed />}>
        <Gate />
      </CrashGuard>
    </I18nProvider>
  );
}

function Gate() {
  const { t } = useTranslation();
  const { state, error, retry } = useStart();
  const queries = useQueryClient();
  const [isBack] = useRoute("/login/external");
  useEffect(() => {
    if (state.kind !== "none") return;
    // Nothing of whoever was here stays; the name on the login page's other button is nobody's.
    queries.removeQueries({ predicate: (query) => query.queryKey[0] !== "provider" });
    queries.getMutationCache().clear();
  }, [state.kind, queries]);
  if (isBack)
    return <Suspense fallback={<main className="page"><h1 className="visually-hidden">{t("product")}</h1><Loading /></main>}><ExternalEntry /></Suspense>;
  if (state.kind === "unknown")
    return <main className="page"><h1 className="visually-hidden">{t("product")}</h1>{error ? <ErrorNotice error={error} onRetry={() => void retry()} /> : <Loading />}</main>;
  if (state.kind === "none") return <Login />;
  return (
    <Suspense fallback={<main className="page"><Loading /></main>}>
      <Cabinet account={state.account} />
      {state.kind === "expired" && <Login isOver={state.account} />}
    </Suspense>
  );
}

function Cabinet({ account }: { account: Account }) {
  if (account.passwordChangeRequired) return <FirstPassword />;
  if (account.profileRequired) return <FirstProfile />;
  const places = PLACES.filter((place) => place.roles.includes(account.role));
  const home = places.find((place) => !place.offer)?.path ?? "/profile";
  return (
    <Layout places={places}>
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/"><Redirect to={home} replace /></Route>
          <Route path="/login"><Redirect to={home} replace /></Route>
          {places.flatMap((place) => routesOf(place))}
          {PLACES.filter((place) => !places.includes(place)).flatMap((place) => routesOf(place, NoRights))}
          <Route><NotFound /></Route>
        </Switch>
      </Suspense>
      {linkOffer.isMade() && <Suspense fallback={null}><LinkOffer /></Suspense>}
    </Layout>
  );
}

function routesOf(place: Place, instead?: ComponentType) {
  const routes: { path: string; page: ComponentType }[] = [place, ...(place.below ?? [])];
  return routes.map((route) => <Route key={route.path} path={route.path} component={instead ?? route.page} />);
}

function Crashed() {
  const { t } = useTranslation();
  return (
    <main className="page">
      <h1 className="visually-hidden">{t("product")}</h1>
      <Notice tone="bad" title={t("error.title")} action={<Button onPress={() => window.location.reload()}>{t("error.reload")}</Button>}>
        {t("error.crash")}
      </Notice>
    </main>
  );
}
