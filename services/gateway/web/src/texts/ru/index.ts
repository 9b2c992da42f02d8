// All texts of the cabinet, one file per area.
import common from "./common";
import entry from "./entry";
import respondent from "./respondent";
import operator from "./operator";
import coordinator from "./coordinator";
import administrator from "./administrator";
import notifications from "./notifications";

export const ruTexts = { common, entry, respondent, operator, coordinator, administrator, notifications };
