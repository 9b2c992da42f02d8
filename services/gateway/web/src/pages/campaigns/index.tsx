// Monthly mailings: their list, a draft, and how far the sending is; one chunk.
import "../../styles/messages.css";
import "../../styles/campaigns.css";

export { CampaignsPage } from "./list";
export { CampaignPage } from "./campaign";
