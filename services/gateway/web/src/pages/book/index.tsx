// The reference book of a programme with its look.
import "../../styles/book.css";

export { BookPage } from "./page";
