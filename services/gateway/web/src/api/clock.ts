// The server's clock: a school's PC may be wrong by years, and a due date must not be.
let offsetMs = 0;

export function learnServerTime(response: Response): void {
  const date = Date.parse(response.headers.get("Date") ?? "");
  if (Number.isFinite(date) && Math.abs(date - nowMs()) > 2000) offsetMs = date - Date.now();
}

export function nowMs(): number {
  return Date.now() + offsetMs;
}
