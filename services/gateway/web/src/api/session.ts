// Who sits here. A session that ends while somebody works is renewed, or asked for again over the page.
import { useSyncExternalStore } from "react";
import type { components } from "./schema";
import type { Full } from "./client";
import { keepLanguage } from "../texts";

export type Account = Full<components["schemas"]["Account"]>;

export type SessionState =
  | { kind: "unknown" }
  | { kind: "none" }
  | { kind: "active"; account: Account }
  // Requests wait until the same person has logged in again.
  | { kind: "expired"; account: Account };

// The cookies are out of reach of scripts; this only saves a stranger's browser a question that ends in a refusal.
const MARK = "vekha.session";

let state: SessionState = localStorage.getItem(MARK) ? { kind: "unknown" } : { kind: "none" };
const listeners = new Set<() => void>();
const waiting = new Set<(isBack: boolean) => void>();

function set(next: SessionState): void {
  state = next;
  listeners.forEach((listener) => listener());
}

// Logging out empties this browser's storage: what a page still has to save there comes first.
let duty: (() => Promise<boolean>) | null = null;

export const session = {
  get: () => state,
  beforeLeaving(finish: () => Promise<boolean>): void {
    duty = finish;
  },
  // False: the person stays after all.
  mayLeave: async (): Promise<boolean> => (duty ? duty() : true),
  enter(account: Account): void {
    const was = state;
    localStorage.setItem(MARK, "1");
    set({ kind: "active", account });
    const isSame = was.kind !== "expired" || was.account.accountId === account.accountId;
    waiting.forEach((resume) => resume(isSame));
    waiting.clear();
    // Somebody else sits here now: nothing of the other's page may stay.
    if (!isSame) window.location.assign("/");
  },
  leave(): void {
    localStorage.removeItem(MARK);
    keepLanguage();
    waiting.forEach((resume) => resume(false));
    waiting.clear();
    set({ kind: "none" });
  },
  // Resolves to whether the request may be sent again.
  waitForEntry(): Promise<boolean> {
    if (state.kind === "unknown" || state.kind === "none") {
      set({ kind: "none" });
      return Promise.resolve(false);
    }
    if (state.kind === "active") set({ kind: "expired", account: state.account });
    return new Promise((resolve) => waiting.add(resolve));
  },
};

export function useSession(): SessionState {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, session.get);
}

export function useAccount(): Account {
  const current = useSession();
  if (current.kind === "active" || current.kind === "expired") return current.account;
  throw new Error("a page of the cabinet without a session");
}
