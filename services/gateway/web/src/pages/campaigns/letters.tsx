// Each letter of a mailing: to whom, what has become of it, and what the mail server said.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { useParameter, useTyped } from "../../parts/address";
import { Button, SearchField, Select } from "../../parts/controls";
import { formatDateTime, formatNumber } from "../../parts/format";
import { EmptyState, ErrorNotice, Loading } from "../../parts/surfaces";
import { LetterTag } from "./common";
import { isMoving, LETTER_STATES, type Campaign, type Letter } from "./data";

const PAGE = 100;
const WATCH_MS = 3000;

function Entry({ letter }: { letter: Letter }) {
  const { t } = useTranslation("campaigns");
  return (
    <li className="message-entry">
      <div className="message-entry-body">
        <p className="campaign-address"><span>{letter.address}</span> <LetterTag state={letter.state} /></p>
        <p className="message-line">
          <span>{letter.organisationName}</span>
          {letter.municipalityName && letter.municipalityName !== letter.organisationName && <span>{letter.municipalityName}</span>}
        </p>
        {letter.problem && <p className="campaign-problem">{t("serverSays")} <span lang="en">{letter.problem}</span></p>}
      </div>
      <div className="message-entry-end">
        {letter.sentAt && <span className="muted nowrap">{formatDateTime(letter.sentAt)}</span>}
        {letter.state === "retrying" && letter.nextAt && <span className="muted">{t("nextAt", { moment: formatDateTime(letter.nextAt) })}</span>}
      </div>
    </li>
  );
}

export function Letters({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation(["campaigns", "common"]);
  const [state, setState] = useParameter("state", "all");
  const [search, setSearch] = useTyped("search");
  const [kept] = useParameter("search");
  const params = { path: { campaignId: campaign.campaignId } };
  const list = useInfiniteQuery({
    queryKey: ["campaigns", "letters", campaign.campaignId, state, kept],
    initialPageParam: "",
    queryFn: ({ pageParam }) => reply(api.GET("/api/v1/campaigns/{campaignId}/letters", {
      params: { ...params, query: { limit: PAGE, ...(state !== "all" && { state }), ...(kept.trim() && { query: kept.trim() }), ...(pageParam && { afterLetterId: pageParam }) } },
    })),
    getNextPageParam: (page) => (page.letters.length === PAGE ? page.letters.at(-1)!.letterId : undefined),
    placeholderData: (before) => before,
    staleTime: 0,
    refetchInterval: isMoving(campaign) ? WATCH_MS : false,
  });
  const letters = list.data?.pages.flatMap((page) => page.letters) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;
  return (
    <section aria-labelledby="campaign-letters">
      <h2 id="campaign-letters">{t("letters")}</h2>
      <div className="toolbar campaign-filters">
        <SearchField label={t("find")} value={search} onChange={setSearch} />
        <Select label={t("stateFilter")} isLabelHidden value={state} onChange={setState}
          choices={[{ id: "all", text: t("anyState") }, ...LETTER_STATES.map((id) => ({ id, text: t(`letter.${id}`) }))]} />
        {list.data && <span className="muted" role="status">{t("found", { count: total, formatted: formatNumber(total) })}</span>}
      </div>
      {list.isPending && <Loading rows={4} />}
      {list.error && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && letters.length === 0 && <EmptyState icon="mail">{t("noneFound")}</EmptyState>}
      {letters.length > 0 && <ul className="message-list" aria-label={t("letters")}>{letters.map((one) => <Entry key={one.letterId} letter={one} />)}</ul>}
      {list.hasNextPage && <Button onPress={() => void list.fetchNextPage()} isDisabled={list.isFetchingNextPage}>{t("common:more")}</Button>}
    </section>
  );
}
