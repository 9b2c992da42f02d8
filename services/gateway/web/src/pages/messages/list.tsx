// What was written to me, what I wrote, and what others wrote in my territory (S1.34-S1.36).
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { api, reply } from "../../api/client";
import { useAccount } from "../../api/session";
import { useParameter } from "../../parts/address";
import { Button, ButtonLink, Checkbox } from "../../parts/controls";
import { formatDateTime, formatNumber } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { EmptyState, ErrorNotice, Loading, PageHead, TabLinks } from "../../parts/surfaces";
import { StateWord, useName, When } from "./common";
import { AUTHORS, OVERSEERS, type Summary } from "./data";

const PAGE = 50;
const BOXES = ["received", "sent", "drafts", "territory"] as const;
type Box = (typeof BOXES)[number];

function useMessages(box: Box, unreadOnly: boolean) {
  return useInfiniteQuery({
    queryKey: ["messages", "list", box, unreadOnly],
    initialPageParam: null as Summary | null,
    queryFn: ({ pageParam }) => reply(api.GET("/api/v1/messages", {
      params: { query: { box, unreadOnly, limit: PAGE, ...(pageParam && { beforeAt: pageParam.at, beforeMessageId: pageParam.messageId }) } },
    })),
    getNextPageParam: (page) => (page.messages.length === PAGE ? page.messages.at(-1)! : undefined),
    refetchOnWindowFocus: "always",
  });
}

export function MessagesPage() {
  const { t } = useTranslation("messages");
  const { role } = useAccount();
  const isAuthor = AUTHORS.includes(role);
  const boxes = BOXES.filter((one) => one === "received" || (isAuthor && one !== "territory") || OVERSEERS.includes(role));
  const [asked, setBox] = useParameter("box", "received");
  const [unread, setUnread] = useParameter("unread");
  const box = boxes.find((one) => one === asked) ?? "received";
  const unreadOnly = box === "received" && unread === "1";
  const list = useMessages(box, unreadOnly);
  const count = list.data?.pages[0]?.unread ?? 0;
  return (
    <div className="messages">
      <PageHead title={t("title")} status={list.data && (count > 0 ? t("unread", { count }) : t("allRead"))}
        actions={isAuthor && <ButtonLink href="/messages/new" kind="primary" icon="edit">{t("write")}</ButtonLink>} />
      {boxes.length > 1 && (
        <TabLinks label={t("boxes")} current={box} onChoose={(tab) => setBox(tab.id, true)}
          tabs={boxes.map((id) => ({ id, text: t(`box.${id}`), href: id === "received" ? "/messages" : `/messages?box=${id}`, ...(id === "received" && count > 0 && { count }) }))} />
      )}
      {box === "received" && (
        <div className="toolbar"><Checkbox isSelected={unreadOnly} onChange={(only) => setUnread(only ? "1" : "")}>{t("unreadOnly")}</Checkbox></div>
      )}
      <Entries box={box} unreadOnly={unreadOnly} list={list} />
    </div>
  );
}

function Entries({ box, unreadOnly, list }: { box: Box; unreadOnly: boolean; list: ReturnType<typeof useMessages> }) {
  const { t } = useTranslation(["messages", "common"]);
  const entries = list.data?.pages.flatMap((page) => page.messages) ?? [];
  if (list.isPending) return <Loading rows={4} />;
  if (list.error) return <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />;
  if (entries.length === 0)
    return <EmptyState icon="mail" title={t(unreadOnly ? "emptyUnread" : "empty")}>{t(`emptyBox.${box}`)}</EmptyState>;
  return (
    <>
      <ul className="message-list" aria-label={t(`box.${box}`)}>{entries.map((entry) => <Entry key={entry.messageId} entry={entry} box={box} />)}</ul>
      {list.hasNextPage && <Button onPress={() => void list.fetchNextPage()} isDisabled={list.isFetchingNextPage}>{t("common:more")}</Button>}
    </>
  );
}

function Entry({ entry, box }: { entry: Summary; box: Box }) {
  const { t } = useTranslation("messages");
  const nameOf = useName();
  const isNew = box === "received" && !entry.read;
  const address = box === "drafts" ? `/messages/new?draft=${entry.messageId}` : `/messages/${entry.messageId}`;
  return (
    <li className={`message-entry ${isNew ? "unread" : ""}`}>
      <div className="message-entry-body">
        <h2 className="message-subject">
          <Link href={address}>{entry.subject || t("noSubject")}</Link>
          {isNew && <span className="count">{t("new")}</span>}
          <StateWord state={entry.state === "draft" ? "sent" : entry.state} />
        </h2>
        <p className="message-line">
          <span>{nameOf(entry)}</span>
          {entry.startsAt && <span><Icon name="clock" size={16} /> <When at={entry.startsAt} zone={entry.zone} /></span>}
          {box !== "sent" && box !== "drafts" && <span>{[entry.authorOrganisationName, entry.authorName].filter(Boolean).join(", ")}</span>}
          {entry.attachments > 0 && <span><Icon name="file" size={16} /> {t("attachmentCount", { count: entry.attachments })}</span>}
        </p>
      </div>
      <div className="message-entry-end">
        <span className="muted nowrap">{formatDateTime(entry.at, entry.zone)}</span>
        {(box === "sent" || box === "territory") && <span>{t("readBy", { read: formatNumber(entry.readers), all: formatNumber(entry.addressees) })}</span>}
        {box === "received" && entry.asksAcknowledgement && (
          <span className={`state ${entry.acknowledged ? "accepted" : "due"}`}>{t(entry.acknowledged ? "acknowledged" : "asksAcknowledgement")}</span>
        )}
      </div>
    </li>
  );
}
