// The administrator's pages, one chunk.
import "../../styles/administrator.css";

export { RoundsPage } from "./rounds";
export { RoundPlanPage } from "./round-plan";
export { ProgrammesPage } from "./programmes";
export { ProgrammeLoadPage } from "./programme-load";
export { OrganisationsPage } from "./organisations";
export { OrganisationImportPage } from "./organisation-import";
export { AccountsPage } from "./accounts";
export { AccountIssuePage } from "./account-issue";
export { AuditPage } from "./audit";
export { ServicesPage } from "./services";
