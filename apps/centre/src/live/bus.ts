import { EventEmitter } from "node:events";
import { connect } from "@nats-io/transport-node";
import type { CallDown, CallUp } from "@gridhall/domain/seats/callLink.ts";
import type { CentreToDesk, DeskToCentre } from "@gridhall/domain/seats/desk.ts";
import type { Logger } from "pino";
import { z } from "zod";

/** Hints that something changed: never truth, always repaired by a cursor (design §4). Past-tense facts in one typed map. */
export interface BusEvents {
  "trace.committed": { deviceId: string; unitPath: string; journeyIds: string[]; lanes: string[] };
  "device.changed": { deviceId: string; unitPath: string };
  "payment.changed": { intentId: string; unitPath: string };
  "case.changed": { caseId: string; unitPath: string };
  "command.created": { deviceId: string };
  "call.changed": { callId: string; unitPath: string };
  "seat.changed": { seatId: string };
  "policies.changed": Record<string, never>;
  /** Where a waiting call stands, from the node that routes. */
  "call.placed": { callId: string; position: number | null; expectedWaitMs: number | null };
  /** Something that this desk shows has changed. */
  "desk.stale": { seatId: string };
  /** A desk's socket opened, closed or showed life, on whichever node it is. */
  "desk.seen": { seatId: string; online: boolean };
  /** Passing messages of calls find their way to the node that hosts the call, holds the device or the desk. */
  "call.up": { deviceId: string; message: CallUp };
  "call.down": { deviceId: string; message: CallDown };
  "desk.ordered": { seatId: string; supervises: boolean; order: DeskToCentre };
  "desk.told": { seatId: string; message: CentreToDesk };
}

export interface Bus extends AsyncDisposable {
  emit<K extends keyof BusEvents>(name: K, event: BusEvents[K]): void;
  on<K extends keyof BusEvents>(name: K, listener: (event: BusEvents[K]) => void): () => void;
}

const SUBJECT = "gridhall.hints";
const Envelope = z.object({ from: z.string(), name: z.string(), event: z.unknown() });

/** Within one node. */
export function createBus(): Bus {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  return {
    emit(name, event) {
      emitter.emit(name, event);
    },
    on(name, listener) {
      emitter.on(name, listener);
      return () => emitter.off(name, listener);
    },
    async [Symbol.asyncDispose]() {},
  };
}

/**
 * Between several nodes: NATS core carries each hint to the others, at most once; here it is heard at once. A node that is
 * cut off from NATS goes on by its own sweeps.
 */
export async function joinBus(url: string, nodeId: string, logger: Logger): Promise<Bus> {
  const local = createBus();
  const connection = await connect({
    servers: url,
    name: `gridhall-${nodeId}`,
    maxReconnectAttempts: -1,
    waitOnFirstConnect: false,
  });
  const subscription = connection.subscribe(SUBJECT, {
    callback(error, message) {
      if (error) return logger.warn({ cause: String(error) }, "a hint of another node");
      try {
        const { from, name, event } = Envelope.parse(message.json());
        if (from !== nodeId) local.emit(name as keyof BusEvents, event as BusEvents[keyof BusEvents]);
      } catch (cause) {
        logger.warn({ cause: String(cause) }, "an unreadable hint of another node was passed over");
      }
    },
  });
  return {
    emit(name, event) {
      local.emit(name, event);
      if (!connection.isClosed()) connection.publish(SUBJECT, JSON.stringify({ from: nodeId, name, event }));
    },
    on: local.on,
    async [Symbol.asyncDispose]() {
      subscription.unsubscribe();
      await connection.drain();
    },
  };
}
