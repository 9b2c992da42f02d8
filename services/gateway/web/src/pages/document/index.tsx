// The document of a programme with its look.
import "../../styles/document.css";

export { DocumentPage } from "./page";
