// Slices: the list and one of them.
export { SlicesPage } from "./list";
export { SlicePage } from "./slice";
