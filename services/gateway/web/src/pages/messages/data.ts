// What the pages of messages ask and keep: lists, one message, its receipts.
import type { QueryClient } from "@tanstack/react-query";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";

export type Message = Full<components["schemas"]["Message"]>;
export type Summary = Full<components["schemas"]["MessageSummary"]>;
export type Content = Full<components["schemas"]["MessageContent"]>;
export type AudienceLevel = Full<components["schemas"]["AudienceLevel"]>;

export const KINDS = ["announcement", "consultation", "letter", "order"] as const;
export type Kind = (typeof KINDS)[number];
export const LEVELS = ["region", "municipality", "operator", "curator", "authority", "school"] as const;
export type Level = (typeof LEVELS)[number];

export const AUTHORS = ["ROLE_COORDINATOR", "ROLE_CURATOR", "ROLE_ADMINISTRATOR"];
export const OVERSEERS = ["ROLE_COORDINATOR", "ROLE_ADMINISTRATOR"];

export const isSigned = (kind: string) => kind === "letter" || kind === "order";
export const keyOf = (messageId: string) => ["messages", "one", messageId];

export const getMessage = (messageId: string) => reply(api.GET("/api/v1/messages/{messageId}", { params: { path: { messageId } } }));

// What a command answered is what there is; lists and counts are asked anew.
export function putMessage(queries: QueryClient, message: Message): void {
  queries.setQueryData(keyOf(message.messageId), message);
  void queries.invalidateQueries({ queryKey: ["messages", "list"] });
  void queries.invalidateQueries({ queryKey: ["messages", "receipts", message.messageId] });
  void queries.invalidateQueries({ queryKey: ["notifications"] });
}

export const NOTHING: Content = {
  kind: "announcement", subject: "", text: "", asksAcknowledgement: false, levels: [], organisationIds: [], number: "", datedOn: "",
  signatoryName: "", signatoryPosition: "", startsOn: "", startsTime: "", durationMinutes: 0,
  connection: { link: "", conferenceId: "", accessCode: "" }, links: [], documentIds: [], supersedesId: "",
};
