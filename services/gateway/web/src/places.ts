// The places of the left rail: address, page, who may go there. Pages are loaded when somebody goes.
import { lazy, type ComponentType } from "react";
import type { Account } from "./api/session";
import type { Offer } from "./pages/shared/programme";
import type { IconName } from "./parts/icons";
import { withTexts } from "./texts";

type Role = Account["role"];

export interface Place {
  id:
    | "work" | "plan" | "document" | "queue" | "start" | "provided" | "statistics" | "profile" | "sessions" | "notifications" | "messages" | "help"
    | "roadmaps" | "slices" | "measures" | "roadmap" | "activity" | "forecast" | "files"
    | "rounds" | "campaigns" | "programmes" | "organisations" | "accounts" | "calendar" | "audit" | "services" | "feed" | "wall";
  path: string;
  page: ComponentType;
  roles: Role[];
  icon: IconName;
  // Not in the rail: reached from elsewhere.
  isHidden?: boolean;
  // Shown only when there is something to see on it.
  offer?: Offer;
  // Shows the programme that the address names.
  isOfProgramme?: boolean;
  below?: { path: string; page: ComponentType }[];
}

const ALL: Role[] = ["ROLE_RESPONDENT", "ROLE_OPERATOR", "ROLE_COORDINATOR", "ROLE_CURATOR", "ROLE_ADMINISTRATOR"];

const REPORTS: Role[] = ["ROLE_COORDINATOR", "ROLE_OPERATOR", "ROLE_ADMINISTRATOR"];

const ROADMAPS: Role[] = [...REPORTS, "ROLE_CURATOR"];

const messages = (name: keyof typeof import("./pages/messages")) =>
  lazy(() => withTexts("messages", import("./pages/messages")).then((module) => ({ default: module[name] })));

const campaigns = (name: keyof typeof import("./pages/campaigns")) =>
  lazy(() => withTexts("messages", withTexts("campaigns", import("./pages/campaigns"))).then((module) => ({ default: module[name] })));

const administrator = (name: keyof typeof import("./pages/administrator")) =>
  lazy(() => import("./pages/administrator").then((module) => ({ default: module[name] })));

const slices = (name: keyof typeof import("./pages/slices")) =>
  lazy(() => withTexts("roadmaps", withTexts("slices", import("./pages/slices"))).then((module) => ({ default: module[name] })));

const feed = (name: keyof typeof import("./pages/feed")) =>
  lazy(() => withTexts("feed", import("./pages/feed")).then((module) => ({ default: module[name] })));

export const PLACES: Place[] = [
  {
    id: "work", path: "/indicators", icon: "list", roles: ["ROLE_RESPONDENT"], isOfProgramme: true,
    page: lazy(() => import("./pages/respondent").then((module) => ({ default: module.WorkPage }))),
    below: [
      { path: "/indicators/receipt", page: lazy(() => import("./pages/respondent").then((module) => ({ default: module.ReceiptPage }))) },
      { path: "/indicators/form", page: lazy(() => withTexts("form", import("./pages/form")).then((module) => ({ default: module.FormPage }))) },
    ],
  },
  {
    id: "plan", path: "/plan", icon: "calendar", roles: ["ROLE_RESPONDENT"], isOfProgramme: true, offer: "plan",
    page: lazy(() => withTexts("plan", import("./pages/plan")).then((module) => ({ default: module.PlanPage }))),
  },
  {
    id: "queue", path: "/queue", icon: "check", roles: ["ROLE_OPERATOR", "ROLE_CURATOR"],
    page: lazy(() => import("./pages/operator").then((module) => ({ default: module.QueuePage }))),
  },
  {
    id: "rounds", path: "/rounds", icon: "calendar", roles: ["ROLE_ADMINISTRATOR"], page: administrator("RoundsPage"),
    below: [{ path: "/rounds/new", page: administrator("RoundPlanPage") }],
  },
  {
    id: "programmes", path: "/programmes", icon: "list", roles: ["ROLE_ADMINISTRATOR"], page: administrator("ProgrammesPage"),
    below: [
      { path: "/programmes/load", page: administrator("ProgrammeLoadPage") },
      { path: "/programmes/book", page: lazy(() => withTexts("book", import("./pages/book")).then((module) => ({ default: module.BookPage }))) },
    ],
  },
  {
    id: "organisations", path: "/organisations", icon: "building", roles: ["ROLE_ADMINISTRATOR"], page: administrator("OrganisationsPage"),
    below: [{ path: "/organisations/import", page: administrator("OrganisationImportPage") }],
  },
  {
    id: "accounts", path: "/accounts", icon: "key", roles: ["ROLE_ADMINISTRATOR"], page: administrator("AccountsPage"),
    below: [
      { path: "/accounts/issue", page: administrator("AccountIssuePage") },
      { path: "/accounts/letters", page: lazy(() => withTexts("access", import("./pages/access")).then((module) => ({ default: module.AccessPage }))) },
    ],
  },
  {
    id: "calendar", path: "/calendar", icon: "calendar", roles: ["ROLE_ADMINISTRATOR"],
    page: lazy(() => withTexts("calendar", import("./pages/calendar/page")).then((module) => ({ default: module.CalendarPage }))),
  },
  { id: "services", path: "/services", icon: "gauge", roles: ["ROLE_ADMINISTRATOR"], page: administrator("ServicesPage") },
  { id: "feed", path: "/feed", icon: "send", roles: ["ROLE_ADMINISTRATOR"], page: feed("FeedKeysPage"), below: [{ path: "/feed/issue", page: feed("FeedIssuePage") }] },
  { id: "audit", path: "/audit", icon: "history", roles: ["ROLE_ADMINISTRATOR"], page: administrator("AuditPage") },
  {
    id: "start", path: "/reports/start", icon: "list", roles: REPORTS,
    page: lazy(() => import("./pages/coordinator/start").then((module) => ({ default: module.StartPage }))),
  },
  {
    id: "provided", path: "/reports/provided", icon: "gauge", roles: REPORTS,
    page: lazy(() => import("./pages/coordinator/provided").then((module) => ({ default: module.ProvidedPage }))),
    below: [{
      path: "/reports/provided/:organisationId",
      page: lazy(() => import("./pages/coordinator/values").then((module) => ({ default: module.ValuesPage }))),
    }],
  },
  {
    id: "statistics", path: "/statistics", icon: "chart", roles: REPORTS,
    page: lazy(() => import("./pages/coordinator/statistics").then((module) => ({ default: module.StatisticsPage }))),
  },
  {
    id: "forecast", path: "/reports/forecast", icon: "clock", roles: ROADMAPS,
    page: lazy(() => withTexts("forecast", import("./pages/forecast/page")).then((module) => ({ default: module.ForecastPage }))),
  },
  {
    id: "wall", path: "/wall", icon: "gauge", roles: REPORTS,
    page: lazy(() => withTexts("wall", import("./pages/wall")).then((module) => ({ default: module.WallPage }))),
  },
  {
    id: "roadmaps", path: "/reports/roadmaps", icon: "list", roles: ROADMAPS, offer: "plans",
    page: lazy(() => withTexts("roadmaps", import("./pages/roadmaps/base")).then((module) => ({ default: module.BaseReportPage }))),
  },
  {
    id: "slices", path: "/reports/slices", icon: "history", roles: REPORTS, page: slices("SlicesPage"),
    below: [{ path: "/reports/slices/:sliceId", page: slices("SlicePage") }],
  },
  {
    id: "measures", path: "/reports/measures", icon: "chart", roles: ROADMAPS, offer: "plans",
    page: lazy(() => withTexts("roadmaps", import("./pages/roadmaps/measures")).then((module) => ({ default: module.MeasuresPage }))),
  },
  {
    id: "roadmap", path: "/reports/roadmap", icon: "calendar", roles: ROADMAPS, offer: "roadmap",
    page: lazy(() => withTexts("roadmaps", import("./pages/roadmaps/roadmap")).then((module) => ({ default: module.RoadmapPage }))),
  },
  {
    id: "activity", path: "/reports/activity", icon: "clock", roles: REPORTS, offer: "watched",
    page: lazy(() => withTexts("roadmaps", import("./pages/roadmaps/activity")).then((module) => ({ default: module.ActivityPage }))),
  },
  {
    id: "files", path: "/reports/files", icon: "download", roles: ROADMAPS,
    page: lazy(() => withTexts("files", import("./pages/files/page")).then((module) => ({ default: module.FilesPage }))),
  },
  {
    id: "document", path: "/document", icon: "file", roles: ALL, isOfProgramme: true, offer: "document",
    page: lazy(() => withTexts("document", import("./pages/document")).then((module) => ({ default: module.DocumentPage }))),
  },
  {
    id: "messages", path: "/messages", icon: "mail", roles: ALL, page: messages("MessagesPage"),
    below: [{ path: "/messages/new", page: messages("ComposePage") }, { path: "/messages/:messageId", page: messages("MessagePage") }],
  },
  {
    id: "campaigns", path: "/campaigns", icon: "send", roles: ["ROLE_COORDINATOR", "ROLE_ADMINISTRATOR"], page: campaigns("CampaignsPage"),
    below: [{ path: "/campaigns/:campaignId", page: campaigns("CampaignPage") }],
  },
  {
    id: "profile", path: "/profile", icon: "person", roles: ALL, isHidden: true,
    page: lazy(() => import("./pages/entry/profile").then((module) => ({ default: module.ProfilePage }))),
  },
  {
    id: "sessions", path: "/sessions", icon: "lock", roles: ALL, isHidden: true,
    page: lazy(() => import("./pages/entry/sessions").then((module) => ({ default: module.SessionsPage }))),
  },
  {
    id: "notifications", path: "/notifications", icon: "bell", roles: ALL, isHidden: true,
    page: lazy(() => import("./pages/shared/notifications").then((module) => ({ default: module.NotificationsPage }))),
  },
  {
    id: "help", path: "/help", icon: "help", roles: ALL, isHidden: true,
    page: lazy(() => withTexts("help", import("./pages/shared/help")).then((module) => ({ default: module.HelpPage }))),
  },
];
