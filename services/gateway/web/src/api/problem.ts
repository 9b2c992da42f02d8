// What can go wrong with a request, as the pages need it.
import type { components } from "./schema";

export type Violation = Required<components["schemas"]["Violation"]>;

// The server said no: a sentence for people, a code for programs, the fields at fault.
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly instance: string;
  readonly retryAfterS: number;
  readonly violations: Violation[];

  constructor(status: number, body: Partial<components["schemas"]["Problem"]>) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = body.code ?? "";
    this.instance = body.instance ?? "";
    this.retryAfterS = body.retryAfter ?? 0;
    this.violations = (body.violations ?? []) as Violation[];
  }

  messageFor(field: string): string | undefined {
    return this.violations.find((violation) => violation.field === field)?.message;
  }
}

// No answer came: the line is down or the server cannot be reached.
export class OfflineError extends Error {}

export function isStale(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 412;
}
