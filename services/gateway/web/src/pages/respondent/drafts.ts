// Typed values: kept on this computer at once, saved on the server after a pause, sent later when the line or the
// session is back. What somebody else saved meanwhile is never overwritten without a choice.
import type { QueryClient } from "@tanstack/react-query";
import { createStore, del, entries, set, type UseStore } from "idb-keyval";
import { nowMs } from "../../api/clock";
import { api, ifMatch, reply } from "../../api/client";
import { isStale, OfflineError, ProblemError } from "../../api/problem";
import { isGood, readAnswer, type Kind, type Typed } from "./answer";
import { parseRows } from "../shared/table-rows";
import { canonical } from "./rows";
import { getAssignment, isOpen, putAssignment, type Assignment, type SavedValue } from "./assignments";

interface Content { value: string; secondValue: string; comment: string; }

// One request: the same content for the same version goes out under the same key until it is answered.
interface Attempt extends Content { key: string; version: number; }

export interface LocalDraft extends Typed {
  assignmentId: string;
  kind: Kind;
  // What the server had when the typing began.
  base: Content & { version: number };
  typedAt: string;
  // Requests that got no answer: any of them may have arrived.
  attempts: Attempt[];
}

export type DraftState =
  | { name: "kept" }
  | { name: "saving" }
  | { name: "offline" }
  | { name: "refused"; error: ProblemError }
  // Somebody saved `theirs` since the typing began, or input was closed.
  | { name: "conflict"; theirs: Assignment };

export interface DraftEntry { draft: LocalDraft; state: DraftState; }

const PAUSE_MS = 1500;
const FIRST_RETRY_MS = 3000;
const LAST_RETRY_MS = 60_000;

const contentOf = (from: Content): Content => ({ value: canonical(from.value), secondValue: from.secondValue, comment: from.comment });
const isSame = (a: Content, b: Content) => canonical(a.value) === canonical(b.value) && a.secondValue === b.secondValue && a.comment === b.comment;
const isPassing = (error: unknown) =>
  error instanceof OfflineError || (error instanceof ProblemError && (error.status >= 500 || error.status === 429 || error.status === 401));

export const typedOf = (assignment: Assignment): Typed => ({ ...contentOf(assignment), isConfirmed: false });

// As it goes to the server, and as the server shows it afterwards: "1 234,50" -> "1234.5".
function toSend(draft: LocalDraft): Content {
  const answer = readAnswer(draft.kind, draft);
  const bare = (number: string) => (number.includes(".") ? number.replace(/\.?0+$/, "") : number).replace(/^0+(?=\d)/, "");
  if (draft.kind.valueKind === "yes_no") return contentOf(draft);
  if (draft.kind.valueKind === "table") return { value: answer.value, secondValue: "", comment: draft.comment };
  return { value: bare(answer.value), secondValue: bare(answer.secondValue), comment: draft.comment };
}

export class DraftKeeper {
  readonly #queries: QueryClient;
  readonly #store: UseStore;
  readonly #prefix: string;
  readonly #known = new Map<string, DraftEntry>();
  readonly #listeners = new Set<() => void>();
  readonly #timers = new Map<string, number>();
  readonly #running = new Map<string, Promise<void>>();
  // What was saved last: the list may tell of it a stroke later than the next key is pressed.
  readonly #saved = new Map<string, Content & { version: number }>();
  #retryMs = FIRST_RETRY_MS;
  #retryTimer = 0;
  #count = 0;
  // False: this browser keeps nothing (a private window, a full disk).
  isKept = true;

  constructor(queries: QueryClient, accountId: string) {
    this.#queries = queries;
    this.#prefix = `${accountId} `;
    this.#store = createStore("vekha-drafts", "drafts");
  }

  async start(): Promise<void> {
    window.addEventListener("online", this.#retry);
    try {
      for (const [key, draft] of await entries<string, LocalDraft>(this.#store)) {
        if (!key.startsWith(this.#prefix) || this.#known.has(draft.assignmentId)) continue;
        this.#known.set(draft.assignmentId, { draft, state: { name: "kept" } });
        this.#schedule(draft.assignmentId, 0);
      }
    } catch {
      this.isKept = false;
    }
    this.#tell();
  }

  stop(): void {
    window.removeEventListener("online", this.#retry);
    window.clearTimeout(this.#retryTimer);
    this.#timers.forEach((timer) => window.clearTimeout(timer));
  }

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  get = (assignmentId: string): DraftEntry | undefined => this.#known.get(assignmentId);
  // How many values wait here because nothing could be sent.
  waiting = (): number => this.#count;

  // With what was saved here last, also before the list tells of it.
  newest(assignment: Assignment): Assignment {
    const saved = this.#saved.get(assignment.assignmentId);
    return saved && saved.version > assignment.version ? { ...assignment, ...saved } : assignment;
  }

  type(assignment: Assignment, change: Partial<Typed>): void {
    const id = assignment.assignmentId;
    const now = this.#known.get(id);
    const newest = this.newest(assignment);
    const before = now?.draft ?? {
      assignmentId: id, kind: {
        valueKind: assignment.valueKind, decimals: assignment.decimals, evidenceRequired: assignment.evidenceRequired, columnKinds: assignment.columnKinds,
      },
      base: { ...contentOf(newest), version: newest.version }, attempts: [], typedAt: "", ...typedOf(newest),
    };
    const isOther = "value" in change || "secondValue" in change;
    const draft: LocalDraft = { ...before, ...(isOther ? { isConfirmed: false } : {}), ...change, typedAt: new Date(nowMs()).toISOString() };
    if (!now && isSame(draft, draft.base)) return;
    this.#put({ draft, state: now?.state.name === "conflict" ? now.state : { name: "kept" } });
    this.#schedule(id, PAUSE_MS);
  }

  // True when the server has everything that was typed.
  async save(assignmentId: string): Promise<boolean> {
    window.clearTimeout(this.#timers.get(assignmentId));
    for (let run = this.#running.get(assignmentId); run; run = this.#running.get(assignmentId)) await run;
    const entry = this.#known.get(assignmentId);
    if (!entry) return true;
    if (entry.state.name === "conflict") return false;
    if (isSame(toSend(entry.draft), contentOf(entry.draft.base)) && entry.draft.attempts.length === 0) {
      this.#forget(assignmentId);
      return true;
    }
    const answer = readAnswer(entry.draft.kind, entry.draft);
    if (!isGood(answer) || (answer.isPartOverWhole && !entry.draft.isConfirmed)) return false;
    const run = this.#send(entry.draft).finally(() => this.#running.delete(assignmentId));
    this.#running.set(assignmentId, run);
    await run;
    const after = this.#known.get(assignmentId);
    return !after || (after.state.name === "kept" && this.save(assignmentId));
  }

  // Sends what can be sent; how many values still wait here.
  async saveAll(): Promise<number> {
    const all = await Promise.all([...this.#known.keys()].map((id) => this.save(id)));
    return all.filter((isDone) => !isDone).length;
  }

  // Of a conflict: mine replaces what is there now, or goes.
  async choose(assignmentId: string, choice: "mine" | "theirs"): Promise<void> {
    const entry = this.#known.get(assignmentId);
    if (!entry) return;
    if (choice === "theirs" || entry.state.name !== "conflict") {
      this.#forget(assignmentId);
      return;
    }
    const { theirs } = entry.state;
    this.#put({ draft: this.#onto(entry.draft, theirs), state: { name: "kept" } });
    await this.save(assignmentId);
  }

  async #send(draft: LocalDraft): Promise<void> {
    const content = toSend(draft);
    const version = draft.base.version;
    const known = draft.attempts.find((attempt) => attempt.version === version && isSame(attempt, content));
    const attempt = known ?? { ...content, version, key: crypto.randomUUID() };
    const id = draft.assignmentId;
    this.#put({ draft: { ...draft, attempts: known ? draft.attempts : [...draft.attempts, attempt] }, state: { name: "saving" } });
    const params = { path: { assignmentId: id }, header: { ...ifMatch(version), "Idempotency-Key": attempt.key } };
    try {
      const saved = draft.kind.valueKind === "table"
        ? await reply(api.PUT("/api/v1/assignments/{assignmentId}/rows", { params, body: { rows: parseRows(content.value).map((cells) => ({ cells })), comment: content.comment } }))
        : await reply(api.PUT("/api/v1/assignments/{assignmentId}/value", { params, body: { ...content, confirmPartOverWhole: draft.isConfirmed } }));
      this.#retryMs = FIRST_RETRY_MS;
      this.#onSaved(id, saved, attempt);
    } catch (error) {
      await this.#onFailed(id, error);
    }
  }

  #onSaved(id: string, saved: SavedValue, attempt: Attempt): void {
    putAssignment(this.#queries, saved);
    this.#saved.set(id, { ...contentOf(saved), version: saved.version });
    const entry = this.#known.get(id);
    if (!entry) return;
    if (isSame(toSend(entry.draft), attempt)) {
      this.#forget(id);
      return;
    }
    // Typed on while the request was under way.
    this.#put({ draft: { ...entry.draft, attempts: [], base: { ...contentOf(saved), version: saved.version } }, state: { name: "kept" } });
    this.#schedule(id, PAUSE_MS);
  }

  async #onFailed(id: string, error: unknown): Promise<void> {
    const isLocked = error instanceof ProblemError && error.status === 409;
    if (isStale(error) || isLocked) {
      try {
        this.#compare(id, await getAssignment(id));
        return;
      } catch (second) {
        error = second;
      }
    }
    if (isPassing(error)) {
      this.#set(id, { name: "offline" });
      window.clearTimeout(this.#retryTimer);
      this.#retryTimer = window.setTimeout(this.#retry, this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
    } else if (error instanceof ProblemError) this.#answered(id, { name: "refused", error });
    else throw error;
  }

  // A newer version is there. It is no conflict when its content is one of ours, or did not change at all.
  #compare(id: string, theirs: Assignment): void {
    putAssignment(this.#queries, theirs);
    const entry = this.#known.get(id);
    if (!entry) return;
    const { draft } = entry;
    if (isOpen(theirs) && isSame(toSend(draft), theirs)) {
      this.#forget(id);
      return;
    }
    const isOurs = [draft.base, ...draft.attempts].some((content) => isSame(content, theirs));
    if (!isOpen(theirs) || !isOurs) {
      this.#set(id, { name: "conflict", theirs });
      return;
    }
    this.#put({ draft: this.#onto(draft, theirs), state: { name: "kept" } });
    this.#schedule(id, 0);
  }

  #onto(draft: LocalDraft, theirs: Assignment): LocalDraft {
    return { ...draft, attempts: [], base: { ...contentOf(theirs), version: theirs.version } };
  }

  #answered(id: string, state: DraftState): void {
    const entry = this.#known.get(id);
    if (entry) this.#put({ draft: { ...entry.draft, attempts: [] }, state });
  }

  #retry = (): void => {
    window.clearTimeout(this.#retryTimer);
    for (const [id, entry] of this.#known) if (entry.state.name === "offline") void this.save(id);
  };

  #schedule(id: string, afterMs: number): void {
    window.clearTimeout(this.#timers.get(id));
    this.#timers.set(id, window.setTimeout(() => void this.save(id), afterMs));
  }

  #set(id: string, state: DraftState): void {
    const entry = this.#known.get(id);
    if (entry) this.#put({ draft: entry.draft, state });
  }

  #put(entry: DraftEntry): void {
    this.#known.set(entry.draft.assignmentId, entry);
    set(this.#prefix + entry.draft.assignmentId, entry.draft, this.#store).catch(() => {
      this.isKept = false;
    });
    this.#tell();
  }

  #forget(id: string): void {
    window.clearTimeout(this.#timers.get(id));
    this.#known.delete(id);
    del(this.#prefix + id, this.#store).catch(() => undefined);
    this.#tell();
  }

  #tell(): void {
    this.#count = [...this.#known.values()].filter((entry) => entry.state.name === "offline" || entry.state.name === "conflict").length;
    this.#listeners.forEach((listener) => listener());
  }
}
