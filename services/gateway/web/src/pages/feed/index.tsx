// The administrator's pages of the feed for dashboards, one chunk.
import "../../styles/administrator.css";
import "../../styles/feed.css";

export { FeedKeysPage } from "./keys";
export { FeedIssuePage } from "./issue";
