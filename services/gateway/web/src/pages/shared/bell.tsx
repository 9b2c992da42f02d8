// The bell of the top bar: how much is unread, asked for anew from time to time.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { api, reply } from "../../api/client";
import { Icon } from "../../parts/icons";

const AGAIN_MS = 60_000;
const SHOWN_MAX = 99;

export function Bell() {
  const { t } = useTranslation("notifications");
  const newest = useQuery({
    queryKey: ["notifications", "newest"],
    queryFn: () => reply(api.GET("/api/v1/notifications", { params: { query: { limit: 1 } } })),
    refetchInterval: AGAIN_MS,
    refetchOnWindowFocus: "always",
  });
  const count = newest.data?.unread ?? 0;
  return (
    <Link href="/notifications" className="button quiet icon-only bell" aria-label={count > 0 ? t("bell", { count }) : t("bellNone")}>
      <Icon name="bell" />
      {count > 0 && <span className="bell-count" aria-hidden="true">{count > SHOWN_MAX ? `${SHOWN_MAX}+` : count}</span>}
    </Link>
  );
}
