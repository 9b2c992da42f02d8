// What I was told, newest first, and which of it also comes as a letter.
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";
import { useAccount } from "../../api/session";
import { useParameter } from "../../parts/address";
import { Button, Checkbox } from "../../parts/controls";
import { formatDateTime } from "../../parts/format";
import { Icon, type IconName } from "../../parts/icons";
import { EmptyState, ErrorNotice, Loading, PageHead, TabLinks, useToast } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { PLACES } from "../../places";
import { useRoundsWithPlans } from "./programme";
import "../../styles/shared.css";

type Notification = Full<components["schemas"]["Notification"]>;
type Settings = Full<components["schemas"]["NotificationSettings"]>;
const PAGE = 50;

const LOOKS: Record<string, { icon: IconName; tone: string; place: string; query: string }> = {
  due_soon: { icon: "clock", tone: "due", place: "work", query: "" },
  due_today: { icon: "clock", tone: "due", place: "work", query: "" },
  overdue: { icon: "alert", tone: "rejected", place: "work", query: "" },
  rejected: { icon: "undo", tone: "rejected", place: "work", query: "tab=rejected" },
  overdue_below: { icon: "building", tone: "rejected", place: "start", query: "" },
  sent: { icon: "check", tone: "due", place: "queue", query: "" },
  remark: { icon: "mail", tone: "due", place: "work", query: "" },
  unanswered: { icon: "clock", tone: "rejected", place: "queue", query: "" },
  unanswered_below: { icon: "clock", tone: "rejected", place: "provided", query: "" },
  unanswered_plans: { icon: "clock", tone: "rejected", place: "roadmaps", query: "level=organisations&sort=-waiting" },
  campaign_ready: { icon: "send", tone: "due", place: "campaigns", query: "" },
  message: { icon: "mail", tone: "", place: "messages", query: "" },
  consultation_soon: { icon: "clock", tone: "due", place: "messages", query: "" },
};

const EMPTY: Record<string, "empty" | "emptyCoordinator" | "emptyCurator"> = {
  ROLE_RESPONDENT: "empty", ROLE_COORDINATOR: "emptyCoordinator", ROLE_CURATOR: "emptyCurator",
};

type Kind = "due_soon" | "due_today" | "overdue" | "rejected" | "overdue_below" | "sent" | "remark" | "message" | "consultation_soon" | "unanswered" | "campaign_ready";

function useNotifications(unreadOnly: boolean) {
  return useInfiniteQuery({
    queryKey: ["notifications", "list", unreadOnly],
    initialPageParam: null as Notification | null,
    queryFn: ({ pageParam }) =>
      reply(api.GET("/api/v1/notifications", {
        params: {
          query: {
            unreadOnly, limit: PAGE,
            ...(pageParam ? { beforeAt: pageParam.at, beforeNotificationId: pageParam.notificationId } : {}),
          },
        },
      })),
    getNextPageParam: (page) => (page.notifications.length === PAGE ? page.notifications.at(-1)! : undefined),
  });
}

function useMark() {
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries({ queryKey: ["notifications"] });
  const one = useCommand(
    (notificationId: string, headers) =>
      reply(api.POST("/api/v1/notifications/{notificationId}:read", { params: { path: { notificationId } }, headers })),
    { onDone: refresh },
  );
  const all = useCommand(
    (upToNotificationId: string, headers) => reply(api.POST("/api/v1/notifications:read", { body: { upToNotificationId }, headers })),
    { onDone: refresh },
  );
  return { one, all };
}

// Whoever does not judge goes to the report that says for whom it waits.
function useLooksOf(entry: Notification) {
  const isJudge = useAccount().role !== "ROLE_COORDINATOR";
  const plans = useRoundsWithPlans();
  if (entry.kind !== "unanswered" || isJudge) return { looks: LOOKS[entry.kind], opens: entry.kind as Kind };
  return { looks: LOOKS[plans.has(entry.roundId) ? "unanswered_plans" : "unanswered_below"], opens: "overdue_below" as Kind };
}

function Entry({ entry, onRead }: { entry: Notification; onRead: () => void }) {
  const { t } = useTranslation("notifications");
  const account = useAccount();
  const { looks: known, opens } = useLooksOf(entry);
  const looks = known ?? { icon: "bell" as const, tone: "", place: "", query: "" };
  const place = PLACES.find((one) => one.id === looks.place && one.roles.includes(account.role));
  const path = place && place.id === "messages" && entry.messageId ? `${place.path}/${entry.messageId}` : place?.path;
  const query = [looks.query, entry.roundId && `round=${entry.roundId}`].filter(Boolean).join("&");
  return (
    <li className={`notification ${entry.read ? "" : "unread"}`}>
      <span className={`notification-mark state ${looks.tone}`}><Icon name={looks.icon} /></span>
      <div className="notification-body">
        <h2 className="notification-title">
          {entry.title}
          {!entry.read && <span className="count">{t("new")}</span>}
        </h2>
        <p className="muted">{formatDateTime(entry.at)}</p>
        <p className="notification-text">{entry.text}</p>
        <div className="notification-actions">
          {path && (
            <Link className="button" href={path + (query ? `?${query}` : "")} onClick={() => { if (!entry.read) onRead(); }}>
              {t(`open.${opens}`)}
            </Link>
          )}
          {!entry.read && <Button kind="quiet" icon="check" onPress={onRead} aria-label={`${t("markRead")}: ${entry.title}`}>{t("markRead")}</Button>}
        </div>
      </div>
    </li>
  );
}

function List({ unreadOnly }: { unreadOnly: boolean }) {
  const { t } = useTranslation(["notifications", "common"]);
  const account = useAccount();
  const list = useNotifications(unreadOnly);
  const mark = useMark();
  const entries = list.data?.pages.flatMap((page) => page.notifications) ?? [];
  if (list.isPending) return <Loading rows={4} />;
  if (list.error) return <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />;
  if (entries.length === 0)
    return unreadOnly
      ? <EmptyState icon="check" title={t("emptyUnreadTitle")}>{t("emptyUnread")}</EmptyState>
      : (
        <EmptyState icon="bell" title={t("emptyTitle")}>
          {t(EMPTY[account.role] ?? "emptyOther")}
        </EmptyState>
      );
  return (
    <>
      {mark.one.error ? <ErrorNotice error={mark.one.error} /> : null}
      <ul className="notification-list">
        {entries.map((entry) => <Entry key={entry.notificationId} entry={entry} onRead={() => mark.one.mutate(entry.notificationId)} />)}
      </ul>
      {list.hasNextPage && (
        <Button onPress={() => void list.fetchNextPage()} isDisabled={list.isFetchingNextPage}>{t("common:more")}</Button>
      )}
    </>
  );
}

function SettingsForm() {
  const { t } = useTranslation("notifications");
  const queries = useQueryClient();
  const { toast, show } = useToast();
  const settings = useQuery({ queryKey: ["notifications", "settings"], queryFn: () => reply(api.GET("/api/v1/notificationSettings")) });
  const profile = useQuery({ queryKey: ["profile"], queryFn: () => reply(api.GET("/api/v1/profile")) });
  const save = useCommand(
    (choice: Settings["choices"][number], headers) => reply(api.PUT("/api/v1/notificationSettings", { body: { choices: [choice] }, headers })),
    {
      onDone: (result) => {
        queries.setQueryData(["notifications", "settings"], result);
        show(t("settingsSaved"));
      },
    },
  );
  if (settings.isPending) return <Loading rows={3} />;
  if (settings.error) return <ErrorNotice error={settings.error} onRetry={() => void settings.refetch()} />;
  if (settings.data.choices.length === 0) return <EmptyState icon="mail" title={t("settingsTitle")}>{t("settingsNone")}</EmptyState>;
  return (
    <section className="mail-choices" aria-labelledby="mail-choices">
      <h2 id="mail-choices">{t("settingsTitle")}</h2>
      <p className="muted">{t("settingsIntro")}</p>
      {save.error ? <ErrorNotice error={save.error} /> : null}
      {settings.data.choices.map((choice) => (
        <div key={choice.kind}>
          <Checkbox isSelected={save.isPending && save.variables.kind === choice.kind ? save.variables.byMail : choice.byMail}
            onChange={(byMail) => save.mutate({ kind: choice.kind, byMail })}>
            {t(`kind.${choice.kind as Kind}`)}
          </Checkbox>
        </div>
      ))}
      {profile.data && (
        <p className="muted mail-address">
          {profile.data.email ? t("settingsTo", { email: profile.data.email }) : t("settingsToOrganisation")}{" "}
          <Link href="/profile">{t("settingsChangeAddress")}</Link>
        </p>
      )}
      {toast}
    </section>
  );
}

export function NotificationsPage() {
  const { t } = useTranslation("notifications");
  const [view, setView] = useParameter("view", "all");
  const newest = useQuery({
    queryKey: ["notifications", "newest"],
    queryFn: () => reply(api.GET("/api/v1/notifications", { params: { query: { limit: 1 } } })),
  });
  const mark = useMark();
  const unread = newest.data?.unread ?? 0;
  const upTo = newest.data?.notifications[0]?.notificationId;
  const tabs = [
    { id: "all", text: t("viewAll"), href: "/notifications" },
    { id: "unread", text: t("viewUnread"), href: "/notifications?view=unread", count: unread },
    { id: "settings", text: t("viewSettings"), href: "/notifications?view=settings" },
  ];
  return (
    <>
      <PageHead title={t("title")} status={newest.data ? (unread > 0 ? t("unread", { count: unread }) : t("allRead")) : "\u00a0"}
        actions={unread > 0 && upTo && (
          <Button icon="check" onPress={() => mark.all.mutate(upTo)} isDisabled={mark.all.isPending}>{t("markAllRead")}</Button>
        )} />
      {mark.all.error ? <ErrorNotice error={mark.all.error} /> : null}
      <TabLinks label={t("views")} tabs={tabs} current={view} onChoose={(tab) => setView(tab.id, true)} />
      {view === "settings" ? <SettingsForm /> : <List key={view} unreadOnly={view === "unread"} />}
    </>
  );
}
