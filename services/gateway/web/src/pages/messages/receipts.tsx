// Who has read it, level by level and municipality by municipality, and whom to call (S1.35).
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";
import { useParameter } from "../../parts/address";
import { Button, Checkbox } from "../../parts/controls";
import { formatDateTime, formatNumber } from "../../parts/format";
import { ErrorNotice, Loading } from "../../parts/surfaces";
import { MailLink, PhoneLink } from "../coordinator/contact";
import type { Level, Message } from "./data";

type Tree = Full<components["schemas"]["Receipts"]>;
type Addressee = Full<components["schemas"]["Addressee"]>;
const PAGE = 200;

export function Receipts({ message }: { message: Message }) {
  const { t } = useTranslation("messages");
  const [shown, setShown] = useParameter("who");
  const query = useQuery({
    queryKey: ["messages", "receipts", message.messageId],
    queryFn: () => reply(api.GET("/api/v1/messages/{messageId}/receipts", { params: { path: { messageId: message.messageId } } })),
  });
  return (
    <section className="message-part message-receipts" aria-labelledby="receipts">
      <h2 id="receipts">{t("receipts")}</h2>
      {query.isPending && <Loading rows={3} />}
      {query.error ? <ErrorNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data && (
        <>
          <Levels tree={query.data} asks={message.content.asksAcknowledgement} />
          <Branches tree={query.data} zone={message.zone} />
          {shown
            ? <People message={message} unreadOnly={shown !== "all"} onUnreadOnly={(only) => setShown(only ? "unread" : "all")} />
            : <Button icon="phone" onPress={() => setShown("unread", true)}>{t("showUnread")}</Button>}
        </>
      )}
    </section>
  );
}

function Levels({ tree, asks }: { tree: Tree; asks: boolean }) {
  const { t } = useTranslation("messages");
  const caption = t("byLevel");
  return (
    <div className="plain-table-place" tabIndex={0} role="region" aria-label={caption}>
      <table className="plain-table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t("levelName")}</th>
            {(["addressed", "read", ...(asks ? ["noted" as const] : []), "passedOn"] as const).map((name) => <th key={name} scope="col" className="number">{t(`column.${name}`)}</th>)}
          </tr>
        </thead>
        <tbody>
          {tree.levels.map((one) => (
            <tr key={one.level}>
              <th scope="row">{t(`level.${one.level as Level}`)}</th>
              <td className="number">{formatNumber(one.addressed)}</td>
              <td className={`number ${one.read < one.addressed ? "late" : ""}`}>{formatNumber(one.read)}</td>
              {asks && <td className={`number ${one.acknowledged < one.addressed ? "late" : ""}`}>{formatNumber(one.acknowledged)}</td>}
              <td className="number">{formatNumber(one.passedOn)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Branches({ tree, zone }: { tree: Tree; zone: string }) {
  const { t } = useTranslation("messages");
  const caption = t("byMunicipality");
  if (tree.branches.length < 2) return null;
  return (
    <>
      <h3>{caption}</h3>
      <div className="plain-table-place" tabIndex={0} role="region" aria-label={caption}>
        <table className="plain-table">
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{t("municipality")}</th>
              <th scope="col">{t("coordinatorRead")}</th>
              <th scope="col">{t("coordinatorPassedOn")}</th>
              {(["addressed", "read", "reached"] as const).map((name) => <th key={name} scope="col" className="number">{t(`column.${name}`)}</th>)}
            </tr>
          </thead>
          <tbody>
            {tree.branches.map((one) => (
              <tr key={one.municipalityId}>
                <th scope="row">{one.municipalityName || t("wholeRegion")}</th>
                <td>{one.municipalityId ? moment(one.coordinatorReadAt, zone) || <span className="late">{t("no")}</span> : "—"}</td>
                <td>{one.municipalityId ? moment(one.coordinatorPassedOnAt, zone) || <span className="late">{t("no")}</span> : "—"}</td>
                <td className="number">{formatNumber(one.addressed)}</td>
                <td className="number">{formatNumber(one.read)}</td>
                <td className="number">{formatNumber(one.reachedByPassingOn)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const moment = (at: string, zone: string) => at && <span className="nowrap">{formatDateTime(at, zone)}</span>;

function People({ message, unreadOnly, onUnreadOnly }: { message: Message; unreadOnly: boolean; onUnreadOnly: (only: boolean) => void }) {
  const { t } = useTranslation(["messages", "common"]);
  const list = useInfiniteQuery({
    queryKey: ["messages", "addressees", message.messageId, unreadOnly],
    initialPageParam: "",
    queryFn: ({ pageParam }) => reply(api.GET("/api/v1/messages/{messageId}/addressees", {
      params: { path: { messageId: message.messageId }, query: { unreadOnly, limit: PAGE, ...(pageParam && { afterAccountId: pageParam }) } },
    })),
    getNextPageParam: (page) => (page.addressees.length === PAGE ? page.addressees.at(-1)!.accountId : undefined),
  });
  const people = list.data?.pages.flatMap((page) => page.addressees) ?? [];
  return (
    <>
      <h3>{t(unreadOnly ? "unreadPeople" : "allPeople", { count: list.data?.pages[0]?.total ?? 0 })}</h3>
      <div className="toolbar"><Checkbox isSelected={unreadOnly} onChange={onUnreadOnly}>{t("onlyUnreadPeople")}</Checkbox></div>
      {list.isPending && <Loading rows={4} />}
      {list.error ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.data && (people.length === 0 ? <p className="muted">{t("everybodyRead")}</p> : <Table people={people} zone={message.zone} />)}
      {list.hasNextPage && <Button onPress={() => void list.fetchNextPage()} isDisabled={list.isFetchingNextPage}>{t("common:more")}</Button>}
    </>
  );
}

function Table({ people, zone }: { people: Addressee[]; zone: string }) {
  const { t } = useTranslation("messages");
  const caption = t("addressees");
  return (
    <div className="plain-table-place" tabIndex={0} role="region" aria-label={caption}>
      <table className="plain-table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>{(["organisation", "person", "phone", "email", "readAt"] as const).map((name) => <th key={name} scope="col">{t(`column.${name}`)}</th>)}</tr>
        </thead>
        <tbody>
          {people.map((one) => (
            <tr key={one.accountId}>
              <th scope="row">{one.organisationName}<br /><span className="muted">{[t(`level.${one.level as Level}`), one.municipalityName].filter(Boolean).join(", ")}</span></th>
              <td>{one.personName || <span className="muted">{t("noPerson")}</span>}<br /><span className="muted">{one.position}</span></td>
              <td className="nowrap"><PhoneLink phone={one.phone} /></td>
              <td><MailLink email={one.email} /></td>
              <td>{moment(one.readAt, zone) || <span className="late">{t("no")}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
