import { LiveDelta } from "@gridhall/domain/live/api.ts";
import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { matching, mergeRows } from "./merge.ts";
import type { Query } from "./request.ts";

export type LiveState = "connecting" | "live" | "offline";

/** How long a changed row keeps its soft highlight. */
const HIGHLIGHT_MS = 1_800;
/** Single rows and sums are read again at most this often, however fast deltas come (the centre limits requests). */
const REREAD_MS = 1_500;

let state: LiveState = "connecting";
let fresh: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const announce = () => {
  for (const listener of listeners) listener();
};
const setState = (next: LiveState) => {
  if (state === next) return;
  state = next;
  announce();
};

export const useLiveState = () => useSyncExternalStore(subscribe, () => state);
/** Ids of rows that changed a moment ago. */
export const useFreshRows = () => useSyncExternalStore(subscribe, () => fresh);

/**
 * Keeps the query cache up to date from `/api/live` until the returned function is called. Reconnects with growing
 * pauses; after a reconnect everything on screen is read again, since deltas may have been missed.
 */
export function startLive(client: QueryClient): () => void {
  let socket: WebSocket | null = null;
  let stopped = false;
  let attempts = 0;
  let seen = false;
  let cursor = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let reread: ReturnType<typeof setTimeout> | undefined;
  const stale = new Set<string>();

  const rereadLater = (key: readonly string[]) => {
    stale.add(JSON.stringify(key));
    reread ??= setTimeout(() => {
      reread = undefined;
      const keys = [...stale].map((text): unknown => JSON.parse(text));
      stale.clear();
      for (const queryKey of keys) if (Array.isArray(queryKey)) void client.invalidateQueries({ queryKey });
    }, REREAD_MS);
  };
  const lay = <Row>(
    name: string,
    changed: readonly Row[],
    idOf: (row: Row) => string,
    matches: (query: Query) => (row: Row) => boolean,
  ) => {
    if (changed.length === 0) return;
    for (const [key, rows] of client.getQueriesData<Row[]>({ queryKey: [name] })) {
      const query = (key[1] ?? {}) as Query;
      if (rows)
        client.setQueryData(key, mergeRows(rows, changed, idOf, matches(query), Number(query["limit"] ?? Infinity)));
    }
  };
  const highlight = (ids: readonly string[]) => {
    if (ids.length === 0) return;
    fresh = new Set([...fresh, ...ids]);
    announce();
    setTimeout(() => {
      fresh = new Set([...fresh].filter((id) => !ids.includes(id)));
      announce();
    }, HIGHLIGHT_MS);
  };
  const take = (delta: LiveDelta) => {
    if (delta.cursor > cursor + 1) void client.invalidateQueries();
    cursor = delta.cursor;
    lay("kiosks", delta.kiosks, (row) => row.deviceId, matching.kiosks);
    lay("journeys", delta.journeys, (row) => row.journeyId, matching.journeys);
    lay("payments", delta.payments, (row) => row.intentId, matching.payments);
    lay("cases", delta.cases, (row) => row.caseId, matching.cases);
    for (const row of delta.kiosks) {
      client.setQueryData(["kiosk", row.deviceId], (before: object | undefined) => before && { ...before, ...row });
      rereadLater(["kiosk", row.deviceId]);
    }
    for (const row of delta.journeys) rereadLater(["journey", row.journeyId]);
    for (const row of delta.payments) rereadLater(["payment", row.intentId]);
    for (const row of delta.cases) rereadLater(["case", row.caseId]);
    if (delta.payments.length + delta.cases.length > 0) rereadLater(["summary"]);
    highlight([
      ...delta.kiosks.map((row) => row.deviceId),
      ...delta.journeys.map((row) => row.journeyId),
      ...delta.payments.map((row) => row.intentId),
      ...delta.cases.map((row) => row.caseId),
    ]);
  };

  const connect = () => {
    const here = new URL("/api/live", location.href);
    here.protocol = here.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(here);
    socket.addEventListener("open", () => {
      attempts = 0;
      cursor = 0;
      setState("live");
      if (seen) void client.invalidateQueries();
      seen = true;
    });
    socket.addEventListener("message", (event) => {
      const text: unknown = event.data;
      if (typeof text !== "string") return;
      const delta = LiveDelta.safeParse(JSON.parse(text));
      if (delta.success) take(delta.data);
      else void client.invalidateQueries();
    });
    socket.addEventListener("close", (event) => {
      if (stopped) return;
      setState("offline");
      if (event.code === 4401) void client.invalidateQueries({ queryKey: ["me"] });
      const pauseMs = Math.min(15_000, 500 * 2 ** attempts) * (0.75 + Math.random() / 2);
      attempts += 1;
      retry = setTimeout(connect, pauseMs);
    });
  };
  connect();
  return () => {
    stopped = true;
    clearTimeout(retry);
    clearTimeout(reread);
    socket?.close();
    setState("connecting");
  };
}
