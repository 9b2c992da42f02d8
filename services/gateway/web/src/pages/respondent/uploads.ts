// Documents on their way: sent piece by piece, gone on with after a cut line or a reload, cancelled, checked.
import type { QueryClient } from "@tanstack/react-query";
import { createStore, del, entries, set, type UseStore } from "idb-keyval";
import { api, reply } from "../../api/client";
import { AT_ONCE_BYTES, storeDocument } from "../../api/upload";
import { OfflineError, ProblemError } from "../../api/problem";
import { getAssignment, putAssignment, type Assignment } from "./assignments";

const PIECE_BYTES = 65_536;
const RETRY_MS = 3000;
const ATTACH_TRIES = 40;
const ATTACH_PAUSE_MS = 500;
// Of the speed shown: how much the newest piece weighs.
const SPEED_WEIGHT = 0.3;

export type UploadState =
  | { name: "queued" }
  | { name: "sending"; bytesPerSecond: number }
  // The line is down: goes on by itself.
  | { name: "waiting" }
  // After a reload the page has no file: the person chooses it again.
  | { name: "needsFile"; isOther?: boolean }
  | { name: "checking" }
  | { name: "refused"; message: string }
  | { name: "done"; documentId: string; pages: number };

// What is kept over a reload.
interface UploadRecord {
  id: string;
  assignmentId: string;
  fileName: string;
  sizeBytes: number;
  uploadId: string;
}

export interface UploadEntry extends UploadRecord {
  offset: number;
  state: UploadState;
}

type StoredDocument = Awaited<ReturnType<typeof storeDocument>>;

interface Work { file: File | undefined; stop: AbortController; }

const pause = (ms: number) => new Promise((resolve) => window.setTimeout(resolve, ms));

async function digestOf(file: File): Promise<string> {
  // Over plain HTTP browsers have no such function; the server then relies on its own.
  if (!crypto.subtle) return "";
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class UploadKeeper {
  readonly #queries: QueryClient;
  readonly #store: UseStore;
  readonly #prefix: string;
  #known: readonly UploadEntry[] = [];
  readonly #work = new Map<string, Work>();
  readonly #listeners = new Set<() => void>();
  #isRunning = false;
  #timer = 0;

  constructor(queries: QueryClient, accountId: string) {
    this.#queries = queries;
    this.#prefix = `${accountId} `;
    this.#store = createStore("vekha-uploads", "uploads");
  }

  async start(): Promise<void> {
    window.addEventListener("online", this.#goOn);
    try {
      for (const [key, record] of await entries<string, UploadRecord>(this.#store))
        if (key.startsWith(this.#prefix)) void this.#remember(record);
    } catch {
      // Nothing is kept in this browser: uploads then live as long as the page.
    }
  }

  stop(): void {
    window.removeEventListener("online", this.#goOn);
    window.clearTimeout(this.#timer);
    this.#work.forEach((work) => work.stop.abort());
  }

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  all = (): readonly UploadEntry[] => this.#known;

  // A file that was begun before goes on where it stopped.
  add(assignmentId: string, file: File): void {
    const begun = this.#known.find((one) => one.assignmentId === assignmentId && one.state.name === "needsFile"
      && one.fileName === file.name && one.sizeBytes === file.size);
    if (begun) {
      this.resume(begun.id, file);
      return;
    }
    const entry: UploadEntry = {
      id: crypto.randomUUID(), assignmentId, fileName: file.name, sizeBytes: file.size, uploadId: "", offset: 0, state: { name: "queued" },
    };
    this.#known = [...this.#known, entry];
    this.#work.set(entry.id, { file, stop: new AbortController() });
    this.#tell();
    void this.#run();
  }

  resume(id: string, file: File): void {
    const entry = this.#find(id);
    if (!entry) return;
    if (entry.fileName !== file.name || entry.sizeBytes !== file.size) {
      this.#set(id, { state: { name: "needsFile", isOther: true } });
      return;
    }
    this.#work.set(id, { file, stop: new AbortController() });
    this.#set(id, { state: { name: "queued" } });
    void this.#run();
  }

  async cancel(id: string): Promise<void> {
    const entry = this.#find(id);
    this.#work.get(id)?.stop.abort();
    this.#drop(id);
    if (!entry?.uploadId || entry.state.name === "refused" || entry.state.name === "done") return;
    // What cannot be cancelled now expires on the server by itself.
    await reply(api.DELETE("/api/v1/uploads/{uploadId}", { params: { path: { uploadId: entry.uploadId } } })).catch(() => undefined);
  }

  async #remember(record: UploadRecord): Promise<void> {
    if (this.#find(record.id)) return;
    this.#known = [...this.#known, { ...record, offset: 0, state: { name: "needsFile" } }];
    this.#work.set(record.id, { file: undefined, stop: new AbortController() });
    this.#tell();
    try {
      const upload = await reply(api.GET("/api/v1/uploads/{uploadId}", { params: { path: { uploadId: record.uploadId } } }));
      this.#set(record.id, { offset: Number(upload.offset) });
    } catch (error) {
      // Too old, or finished after all.
      if (error instanceof ProblemError && error.status === 404) this.#drop(record.id);
    }
  }

  // One document after the other: on a weak line two would only take each other's time.
  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (;;) {
      const next = this.#known.find((one) => one.state.name === "queued");
      if (!next) break;
      try {
        await this.#carry(next.id);
      } catch (error) {
        this.#fail(next.id, error);
      }
    }
    this.#isRunning = false;
  }

  async #carry(id: string): Promise<void> {
    const work = this.#work.get(id);
    if (!work?.file) return;
    const sha256 = await digestOf(work.file);
    const entry = this.#find(id);
    if (!entry) return;
    const isSmall = !entry.uploadId && work.file.size > 0 && work.file.size <= AT_ONCE_BYTES;
    const document = isSmall ? await this.#sendAtOnce(entry, work.file, sha256, work.stop.signal) : await this.#sendWhole(id, work.file, sha256, work.stop.signal);
    if (!document) return;
    this.#set(id, { state: { name: "done", documentId: document.documentId, pages: document.pages } });
    void del(this.#prefix + id, this.#store).catch(() => undefined);
    void this.#waitAttached(id, document.documentId);
  }

  // The entry's own name is the key: what was stored although the answer was lost is not stored a second time.
  async #sendAtOnce(entry: UploadEntry, file: File, sha256: string, signal: AbortSignal): Promise<StoredDocument> {
    this.#set(entry.id, { state: { name: "sending", bytesPerSecond: 0 } });
    return storeDocument({ assignmentId: entry.assignmentId }, file, { sha256, key: entry.id, signal });
  }

  async #sendWhole(id: string, file: File, sha256: string, signal: AbortSignal): Promise<StoredDocument | undefined> {
    await this.#begin(id);
    await this.#sendPieces(id, file, signal);
    this.#set(id, { state: { name: "checking" } });
    const uploadId = this.#find(id)?.uploadId;
    if (!uploadId) return undefined;
    return reply(api.POST("/api/v1/uploads/{uploadId}:complete", { params: { path: { uploadId } }, body: { sha256 }, signal }));
  }

  async #begin(id: string): Promise<void> {
    const entry = this.#find(id);
    if (!entry) return;
    if (entry.uploadId) {
      try {
        const upload = await reply(api.GET("/api/v1/uploads/{uploadId}", { params: { path: { uploadId: entry.uploadId } } }));
        this.#set(id, { offset: Number(upload.offset) });
        return;
      } catch (error) {
        if (!(error instanceof ProblemError && error.status === 404)) throw error;
      }
    }
    const body = { assignmentId: entry.assignmentId, fileName: entry.fileName, sizeBytes: String(entry.sizeBytes) };
    const upload = await reply(api.POST("/api/v1/uploads", { body, params: { header: { "Idempotency-Key": crypto.randomUUID() } } }));
    this.#set(id, { uploadId: upload.uploadId, offset: Number(upload.offset) });
    const { assignmentId, fileName, sizeBytes } = entry;
    await set(this.#prefix + id, { id, assignmentId, fileName, sizeBytes, uploadId: upload.uploadId }, this.#store).catch(() => undefined);
  }

  async #sendPieces(id: string, file: File, signal: AbortSignal): Promise<void> {
    let bytesPerSecond = 0;
    for (;;) {
      const entry = this.#find(id);
      if (!entry || signal.aborted || entry.offset >= file.size) return;
      this.#set(id, { state: { name: "sending", bytesPerSecond } });
      const piece = file.slice(entry.offset, entry.offset + PIECE_BYTES);
      const startedAt = performance.now();
      const upload = await reply(api.PATCH("/api/v1/uploads/{uploadId}", {
        params: { path: { uploadId: entry.uploadId }, header: { "Upload-Offset": entry.offset } },
        headers: { "Content-Type": "application/octet-stream" },
        body: piece as unknown as string, bodySerializer: (body) => body, signal,
      }));
      const now = (piece.size / Math.max(1, performance.now() - startedAt)) * 1000;
      bytesPerSecond = bytesPerSecond ? bytesPerSecond * (1 - SPEED_WEIGHT) + now * SPEED_WEIGHT : now;
      this.#set(id, { offset: Number(upload.offset) });
    }
  }

  #fail(id: string, error: unknown): void {
    if (!this.#find(id) || (error instanceof DOMException && error.name === "AbortError")) return;
    const status = error instanceof ProblemError ? error.status : 0;
    const isCut = error instanceof OfflineError || status >= 500 || status === 429 || status === 401;
    // 409: pieces and the server's offset parted; it is asked again.
    if (isCut || status === 409) {
      this.#set(id, { state: { name: "waiting" } });
      window.clearTimeout(this.#timer);
      this.#timer = window.setTimeout(this.#goOn, RETRY_MS);
    } else if (error instanceof ProblemError) {
      const message = error.violations[0]?.message ?? error.message;
      this.#set(id, { state: { name: "refused", message } });
      void del(this.#prefix + id, this.#store).catch(() => undefined);
    } else throw error;
  }

  #goOn = (): void => {
    for (const one of this.#known) if (one.state.name === "waiting") this.#set(one.id, { state: { name: "queued" } });
    void this.#run();
  };

  // The document joins the draft a moment after it was stored.
  async #waitAttached(id: string, documentId: string): Promise<void> {
    const assignmentId = this.#find(id)?.assignmentId ?? "";
    for (let attempt = 0; attempt < ATTACH_TRIES; attempt++) {
      try {
        const assignment: Assignment = await getAssignment(assignmentId);
        putAssignment(this.#queries, assignment);
        if (assignment.documents.some((one) => one.documentId === documentId)) break;
      } catch (error) {
        if (!(error instanceof OfflineError || error instanceof ProblemError)) throw error;
      }
      await pause(ATTACH_PAUSE_MS);
    }
    this.#drop(id);
  }

  #find = (id: string) => this.#known.find((one) => one.id === id);

  #set(id: string, change: Partial<UploadEntry>): void {
    this.#known = this.#known.map((one) => (one.id === id ? { ...one, ...change } : one));
    this.#tell();
  }

  #drop(id: string): void {
    this.#known = this.#known.filter((one) => one.id !== id);
    this.#work.delete(id);
    void del(this.#prefix + id, this.#store).catch(() => undefined);
    this.#tell();
  }

  #tell(): void {
    this.#listeners.forEach((listener) => listener());
  }
}
