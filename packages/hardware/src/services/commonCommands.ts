import { randomBytes } from "node:crypto";
import { CommandFailure, refusal } from "../protocol/commandFailure.ts";
import type { CapabilitiesPayload } from "../protocol/interfaces/capabilities.ts";
import type { StatusPayload } from "../protocol/interfaces/status.ts";
import { findCommand, findEvent } from "../protocol/messages.ts";

/** Commands of the Common interface: answered at once, also while another command runs. */
export interface CommonHandlers<R> {
  has(command: string): boolean;
  /** @throws CommandFailure */
  answer(command: string, payload: unknown, request: R): unknown;
}

type Versions = Record<string, number>;

export function createCommonHandlers<R>(service: {
  status(): StatusPayload;
  capabilities(): CapabilitiesPayload;
  /** Cancels the sender's own other commands, all of them or those with these ids; answers how many there were. */
  cancel(request: R, ids: readonly number[] | undefined): number;
  unsolicited(event: string, payload: unknown): void;
}): CommonHandlers<R> {
  let nonce: string | null = null;
  const handlers: Record<string, (payload: never, request: R) => unknown> = {
    "Common.Status": () => service.status(),
    "Common.Capabilities": () => service.capabilities(),
    "Common.Cancel": (payload: { requestIds?: number[] }, request) => {
      const found = service.cancel(request, payload.requestIds);
      if (found === 0 && payload.requestIds !== undefined) {
        throw refusal("noMatchingRequestIDs", "none of these requests is waiting or running");
      }
      return {};
    },
    "Common.SetVersions": (payload: { commands?: Versions; events?: Versions }) => {
      for (const [command, major] of Object.entries(payload.commands ?? {})) {
        requireVersion(command, major, findCommand(command)?.version);
      }
      for (const [event, major] of Object.entries(payload.events ?? {})) {
        requireVersion(event, major, findEvent(event)?.version);
      }
      return {};
    },
    "Common.GetCommandNonce": () => {
      nonce = randomBytes(16).toString("hex").toUpperCase();
      return { commandNonce: nonce };
    },
    "Common.ClearCommandNonce": () => {
      if (nonce !== null) {
        nonce = null;
        service.unsolicited("Common.NonceClearedEvent", { reasonDescription: "cleared by Common.ClearCommandNonce" });
      }
      return {};
    },
  };
  return {
    has: (command) => Object.hasOwn(handlers, command),
    answer: (command, payload, request) => {
      const handler = handlers[command];
      if (handler === undefined) throw new Error(`no such immediate command: ${command}`);
      return handler(payload as never, request);
    },
  };
}

/** There is one version of each message here; a client that wants another one must be told. */
function requireVersion(message: string, major: number, offered: string | undefined): void {
  if (Number.parseInt(offered ?? "0", 10) === major) return;
  throw new CommandFailure("unsupportedData", `${message} is not supported in version ${major}`);
}
