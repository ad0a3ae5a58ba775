import type { DeviceHealth } from "@gridhall/domain/fleet/schema.ts";
import { connectXfs, type XfsClient } from "@gridhall/hardware/client.ts";
import type { StatusChangePayload, StatusPayload } from "@gridhall/hardware/protocol/interfaces/status.ts";
import { successOf } from "@gridhall/hardware/xfsError.ts";
import type { Unsubscribe } from "./ports.ts";

/** One service, its connection and its last known status: what every port stands on. */
export interface XfsService extends AsyncDisposable {
  readonly client: XfsClient;
  readonly name: string;
  status(): StatusPayload | null;
  deviceState(): DeviceHealth["state"];
  onChange(listener: () => void): Unsubscribe;
  /** For ports with a status of their own beside the standard's. */
  notify(): void;
  refresh(): Promise<void>;
}

const STATUS_TIMEOUT_MS = 5_000;

/** Connects for good: a publisher that is restarted is found again, and its status read anew. */
export async function openXfsService(options: {
  name: string;
  url: string;
  signal: AbortSignal;
  onError(cause: unknown): void;
}): Promise<XfsService> {
  const client = await connectXfs(options.url, { signal: options.signal });
  const listeners = new Set<() => void>();
  let status: StatusPayload | null = null;

  const notify = () => {
    for (const listener of listeners) listener();
  };
  const refresh = async () => {
    status = successOf("Common.Status", await client.send("Common.Status", {}, { timeoutMs: STATUS_TIMEOUT_MS }));
    notify();
  };
  client.on("Common.StatusChangedEvent", (change: StatusChangePayload) => {
    if (status) status = merge(status, change);
    notify();
  });
  client.onState((state) => {
    if (state === "connected") refresh().catch(options.onError);
    else {
      status = null;
      notify();
    }
  });
  await refresh();
  return {
    client,
    name: options.name,
    status: () => status,
    deviceState() {
      const state = status?.common.device ?? "offline";
      return state === "potentialFraud" ? "fraudAttempt" : state;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    notify,
    refresh,
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** Events carry only what changed, part by part. */
function merge(status: StatusPayload, change: StatusChangePayload): StatusPayload {
  const merged: Record<string, unknown> = { ...status };
  for (const [part, fields] of Object.entries(change))
    if (fields) merged[part] = { ...(merged[part] as object | undefined), ...fields };
  return merged as StatusPayload;
}
