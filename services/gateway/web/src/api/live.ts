// Status changes as they happen: one stream for the whole page, that any part may listen to and the reader may pause.
import { useEffect, useSyncExternalStore } from "react";
import type { components } from "./schema";
import type { Full } from "./client";
import { refreshSession } from "./client";

export type StatusEvent = Full<components["schemas"]["StatusEvent"]>;

const RECONNECT_MS = 3000;
let source: EventSource | null = null;
let lastId = "";
let isPaused = false;
// A line that is just being opened is not lost.
let isConnected = true;
let held: StatusEvent[] = [];
let reconnectTimer = 0;
const receivers = new Set<(event: StatusEvent) => void>();
const watchers = new Set<() => void>();
let snapshot = { isPaused, isConnected, held: 0 };

function tell(): void {
  snapshot = { isPaused, isConnected, held: held.length };
  watchers.forEach((watcher) => watcher());
}

function receive(message: MessageEvent<string>): void {
  lastId = message.lastEventId || lastId;
  const event = JSON.parse(message.data) as StatusEvent;
  if (isPaused) held.push(event);
  else receivers.forEach((receiver) => receiver(event));
  if (isPaused) tell();
}

function open(): void {
  source = new EventSource(`/api/v1/events?${lastId ? `after=${lastId}` : "fromNow=true"}`);
  source.onopen = () => {
    isConnected = true;
    tell();
  };
  source.addEventListener("status", receive);
  source.onerror = () => {
    isConnected = false;
    tell();
    // CONNECTING: the browser tries again by itself. CLOSED: it was refused, most likely the session needs renewal.
    if (source?.readyState !== EventSource.CLOSED) return;
    close();
    reconnectTimer = window.setTimeout(() => {
      if (receivers.size > 0 && !source)
        refreshSession()
          .then((isBack) => {
            if (isBack && receivers.size > 0 && !source) open();
          })
          .catch(() => undefined);
    }, RECONNECT_MS);
  };
}

function close(): void {
  source?.close();
  source = null;
  window.clearTimeout(reconnectTimer);
}

export function useStatusEvents(receiver: (event: StatusEvent) => void): void {
  useEffect(() => {
    receivers.add(receiver);
    if (!source) open();
    return () => {
      receivers.delete(receiver);
      if (receivers.size === 0) close();
    };
  }, [receiver]);
}

export const liveUpdates = {
  pause(): void {
    isPaused = true;
    tell();
  },
  resume(): void {
    isPaused = false;
    const events = held;
    held = [];
    events.forEach((event) => receivers.forEach((receiver) => receiver(event)));
    tell();
  },
};

export function useLiveUpdates() {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => snapshot,
  );
}
