// Who reads the feed for dashboards.
import { useQuery } from "@tanstack/react-query";
import type { components } from "../../api/schema";
import { api, reply, type Full } from "../../api/client";

export type FeedKey = Full<components["schemas"]["FeedKey"]>;
export type FeedKeys = Full<components["schemas"]["FeedKeys"]>;

// All pages together: administrators issue tens of keys, not thousands.
export function useFeedKeys() {
  return useQuery({
    queryKey: ["feed", "keys"],
    staleTime: 0,
    queryFn: async () => {
      const first = await reply(api.GET("/api/v1/feed/keys"));
      const keys = [...first.keys];
      let next = first.nextAfterId;
      while (next) {
        const page = await reply(api.GET("/api/v1/feed/keys", { params: { query: { afterId: next } } }));
        keys.push(...page.keys);
        next = page.nextAfterId;
      }
      return { ...first, keys };
    },
  });
}
