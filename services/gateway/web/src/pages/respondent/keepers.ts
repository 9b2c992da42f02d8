// The two keepers of an account live as long as the page does: work goes on while the person looks elsewhere.
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import i18next from "i18next";
import { useEffect, useSyncExternalStore } from "react";
import { session, useAccount } from "../../api/session";
import { DraftKeeper, type DraftEntry } from "./drafts";
import { UploadKeeper, type UploadEntry } from "./uploads";

interface Keepers { accountId: string; drafts: DraftKeeper; uploads: UploadKeeper; isStarted: boolean; }

let current: Keepers | null = null;
const listeners = new Set<() => void>();

function keepersOf(queries: QueryClient, accountId: string): Keepers {
  if (current?.accountId === accountId) return current;
  current?.drafts.stop();
  current?.uploads.stop();
  const keepers: Keepers = { accountId, drafts: new DraftKeeper(queries, accountId), uploads: new UploadKeeper(queries, accountId), isStarted: false };
  current = keepers;
  session.beforeLeaving(async () => {
    const left = current ? await current.drafts.saveAll() : 0;
    return left === 0 || window.confirm(i18next.t("leaveUnsaved", { ns: "respondent", count: left }));
  });
  return keepers;
}

export function useKeepers(): Keepers {
  return keepersOf(useQueryClient(), useAccount().accountId);
}

// Once the drafts of the last visit are read, forms may be shown.
export function useStartedKeepers(): boolean {
  const keepers = useKeepers();
  const isStarted = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => keepers.isStarted,
  );
  useEffect(() => {
    if (keepers.isStarted) return;
    void Promise.all([keepers.drafts.start(), keepers.uploads.start()]).then(() => {
      keepers.isStarted = true;
      listeners.forEach((listener) => listener());
    });
  }, [keepers]);
  return isStarted;
}

export function useDraft(assignmentId: string): DraftEntry | undefined {
  const { drafts } = useKeepers();
  return useSyncExternalStore(drafts.subscribe, () => drafts.get(assignmentId));
}

export function useWaitingDrafts(): number {
  const { drafts } = useKeepers();
  return useSyncExternalStore(drafts.subscribe, drafts.waiting);
}

export function useUploads(): readonly UploadEntry[] {
  const { uploads } = useKeepers();
  return useSyncExternalStore(uploads.subscribe, uploads.all);
}
