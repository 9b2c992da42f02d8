// The plan with its look.
import "../../styles/plan.css";

export { PlanPage } from "./page";
