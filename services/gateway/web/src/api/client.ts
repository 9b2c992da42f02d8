// Every request of the cabinet goes through here: language, idempotency, repetition, a session that ran out.
import createClient from "openapi-fetch";
import i18next from "i18next";
import type { paths } from "./schema";
import { learnServerTime } from "./clock";
import { OfflineError, ProblemError } from "./problem";
import { session } from "./session";

// The gateway writes every field of a reply, defaults included.
export type Full<T> = T extends (infer Item)[]
  ? Full<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Full<T[Key]> }
    : T;

const TRIES = 4;
const FIRST_PAUSE_MS = 300;
const TIMEOUT_MS = 30_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let running = new AbortController();

let isLeaving = false;

// Who leaves asks for nothing more until the page is left, too: what is under way is dropped, what a page still asks for
// is not sent, and the callers hear nothing of it.
export function abandonRequests(): void {
  isLeaving = true;
  running.abort();
  running = new AbortController();
}

// With its body: a line that is lost or dropped half-way through it is as if nothing had come.
async function whole(response: Response): Promise<Response> {
  const body = await response.arrayBuffer();
  return new Response(body.byteLength > 0 ? body : null, response);
}

// Repeating is harmless: queries change nothing, and a command carries the same idempotency key each time.
async function sendPatiently(request: Request): Promise<Response> {
  const abandoned = running.signal;
  for (let attempt = 1; ; attempt++) {
    let response: Response | undefined;
    try {
      const limit = AbortSignal.timeout?.(TIMEOUT_MS);
      response = await whole(await fetch(request.clone(), { signal: any([request.signal, abandoned, ...(limit ? [limit] : [])]) }));
    } catch (error) {
      if (abandoned.aborted) return new Promise<never>(() => undefined);
      if (request.signal.aborted) throw error;
      if (attempt === TRIES || !navigator.onLine) throw new OfflineError();
    }
    if (response && (response.status < 502 || response.status > 504 || attempt === TRIES)) return response;
    const wait = Number(response?.headers.get("Retry-After") ?? 0) * 1000;
    await pause(Math.max(wait, FIRST_PAUSE_MS * 2 ** (attempt - 1)));
  }
}

function any(signals: AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    signal.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
  }
  return controller.signal;
}

let refreshing: Promise<boolean> | null = null;

// Several requests find out at once that the access token ran out: one asks for the next.
export function refreshSession(): Promise<boolean> {
  refreshing ??= (async () => {
    try {
      const response = await fetch("/api/v1/session:refresh", {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
        body: "{}",
      });
      return response.ok;
    } catch {
      throw new OfflineError();
    } finally {
      refreshing = null;
    }
  })();
  return refreshing;
}

async function toProblem(response: Response): Promise<ProblemError> {
  let body = {};
  try {
    body = await response.json();
  } catch {
    // An answer of a proxy in between: the status says enough.
  }
  return new ProblemError(response.status, body);
}

const OPEN_TO_ANYONE = /\/api\/v1\/session(:refresh|:beginProviderEntry|:enterByProvider)?$/;

async function send(input: Request): Promise<Response> {
  const request = new Request(input);
  request.headers.set("Accept-Language", i18next.language);
  if (request.method !== "GET" && !request.headers.has("Idempotency-Key"))
    request.headers.set("Idempotency-Key", crypto.randomUUID());
  const isLeave = request.method === "DELETE" && OPEN_TO_ANYONE.test(new URL(request.url).pathname);
  if (isLeaving && !isLeave) return new Promise<never>(() => undefined);
  const isEntry = request.method === "POST" && OPEN_TO_ANYONE.test(new URL(request.url).pathname);
  let response = await sendPatiently(request);
  learnServerTime(response);
  if (response.status === 401 && !isEntry) {
    if ((await refreshSession()) || (await session.waitForEntry())) response = await sendPatiently(request);
  }
  if (!response.ok) throw await toProblem(response);
  return response;
}

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: send });

// The reply of a call of `api`; refusals and lost lines are thrown by then.
export async function reply<T>(call: Promise<{ data?: T }>): Promise<Full<NonNullable<T>>> {
  return (await call).data as Full<NonNullable<T>>;
}

// Header of a command that names the version it was made for.
export const ifMatch = (version: number) => ({ "If-Match": `"${version}"` });
