// Pages of messages: announcements, consultations, letters and orders.
import "../../styles/coordinator.css";
import "../../styles/messages.css";

export { MessagesPage } from "./list";
export { MessagePage } from "./message";
export { ComposePage } from "./compose";
