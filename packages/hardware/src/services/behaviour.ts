import type { z } from "zod";
import type { DriverLogger } from "../drivers/config.ts";
import type { Driver } from "../drivers/contracts.ts";
import type { CapabilitiesPayload, InterfaceName } from "../protocol/interfaces/capabilities.ts";
import type { StatusChangePayload, StatusPayload } from "../protocol/interfaces/status.ts";
import type {
  CommandEventName,
  CommandName,
  commands,
  EventPayload,
  ResultPayload,
  UnsolicitedName,
} from "../protocol/messages.ts";

/** What a handler gets beside its payload. */
export interface CommandContext {
  /** Aborted when the command times out or is cancelled. A driver that ignores it is given up after the grace. */
  readonly signal: AbortSignal;
  /** Sends an event that belongs to this command to the client that sent it. */
  readonly event: <E extends CommandEventName>(name: E, payload: EventPayload<E>) => void;
}

/**
 * Carries out one command. The payload has been validated. Resolves with the result of a success; rejects with a
 * CommandFailure, a DeviceError of the driver, or (a bug) anything else.
 */
export type Handler<N extends CommandName> = (
  payload: z.output<(typeof commands)[N]["payload"]>,
  context: CommandContext,
) => Promise<ResultPayload<N>>;

export type Handlers = { readonly [N in CommandName]?: Handler<N> };

/** What the framework gives the behaviour of one kind of device. */
export interface Device<D extends Driver> {
  /** Throws CommandFailure deviceNotReady while the device cannot be asked. */
  driver(): D;
  /** To every client of the service. */
  unsolicited<E extends UnsolicitedName>(name: E, payload: EventPayload<E>): void;
  /** Common.StatusChangedEvent: only what has changed. */
  statusChanged(change: StatusChangePayload): void;
  /** Runs between two commands: the driver is never asked two things at a time. Its failure is logged and forgotten. */
  errand(what: string, run: (driver: D, signal: AbortSignal) => Promise<void>): void;
  readonly logger: DriverLogger;
}

/** One kind of device: what it can do, over any driver of that kind. */
export interface Behaviour<D extends Driver> {
  readonly interfaces: readonly InterfaceName[];
  readonly handlers: Handlers;
  /** `userError`: the device answers, but a person keeps it from working (open cover). */
  status(): Omit<StatusPayload, "common"> & { exchange?: "active" | "inactive"; userError?: boolean };
  capabilities(): Omit<CapabilitiesPayload, "interfaces" | "common">;
  /** A driver is there: subscribe to its events; the function it returns unsubscribes. */
  attach?(driver: D): () => void;
  /** The device has come online (again): read what must be known of it. */
  online?(): void;
  /** Runs while no command does, and is stopped before the next one begins: waiting for a card to be taken away. */
  background?(signal: AbortSignal): Promise<void> | null;
}
