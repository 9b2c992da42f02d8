// The respondent's pages with their look.
import "../../styles/respondent.css";

export { ReceiptPage } from "./receipt";
export { WorkPage } from "./work";
