// One-time passwords just issued: kept in memory while this page is open, wherever in the cabinet one goes; nowhere else.
import type { IssuedAccount } from "./data";
import type { Wish } from "./account-issue";

interface Issuing { wish: Wish | null; expected: number; accounts: IssuedAccount[]; }

const NOTHING: Issuing = { wish: null, expected: 0, accounts: [] };
let state = NOTHING;
const listeners = new Set<() => void>();

function set(next: Issuing): void {
  state = next;
  listeners.forEach((listener) => listener());
}

export const issuing = {
  get: () => state,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  start: (wish: Wish, expected: number) => set({ wish, expected, accounts: [] }),
  add(accounts: IssuedAccount[], remaining: number): void {
    const all = [...state.accounts, ...accounts];
    set({ ...state, accounts: all, expected: all.length + remaining });
  },
  forget: () => set(NOTHING),
};
