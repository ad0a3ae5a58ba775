import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { IceServer } from "@gridhall/domain/media/schema.ts";
import { isOver } from "@gridhall/domain/seats/applyCallEvent.ts";
import { type CallProgress, CallUp } from "@gridhall/domain/seats/callLink.ts";
import type { CallId } from "@gridhall/domain/seats/schema.ts";
import type { DeskToCentre } from "@gridhall/domain/seats/desk.ts";
import type { MediaEngine } from "@gridhall/media/engine.ts";
import type { Logger } from "pino";
import { type Database, inScope, SYSTEM } from "../db/database.ts";
import type { RpcHandler } from "../link/service.ts";
import type { Bus } from "../live/bus.ts";
import { type CallActions, createCallActions } from "./callActions.ts";
import { findCall, openCalls } from "./callStore.ts";
import { createDeskStates, type DeskStates } from "./deskStates.ts";
import { type Dispatcher, startDispatcher } from "./dispatcher.ts";
import { createHostedCalls, type HostedCalls, SEAT_TIMES, type SeatTimes } from "./hostedCalls.ts";
import { kioskCallRpc } from "./kioskCalls.ts";
import { beat, forgetNode, liveNodes } from "./nodes.ts";
import { createOrders } from "./orders.ts";
import { progressOf } from "./progress.ts";
import { createRecordings, type Recordings } from "./recordings.ts";
import { dueSeats, silentSeats } from "./seatStore.ts";

export interface Seats extends AsyncDisposable {
  readonly dispatcher: Dispatcher;
  readonly actions: CallActions;
  readonly calls: HostedCalls;
  readonly states: DeskStates;
  readonly recordings: Recordings;
  readonly engine: MediaEngine;
  readonly rpc: ReadonlyMap<string, RpcHandler>;
  /** A passing message of a kiosk. Throws a ZodError when it cannot be read. */
  receive(deviceId: string, message: unknown): void;
  order(seatId: string, supervises: boolean, order: DeskToCentre): void;
}

const BEAT_MS = 1_500;
const SWEEP_MS = 1_000;
/** A signed-in seat whose desk is silent so long is offline; in a call the hosting node decides sooner. */
const SEAT_SILENT_MS = 10_000;

/** Everything of the remote agent seats on one centre node. */
export async function startSeats(options: {
  db: Database;
  bus: Bus;
  logger: Logger;
  nodeId: string;
  dataDir: string;
  engine: MediaEngine;
  iceServers: (() => readonly IceServer[]) | undefined;
  recordingDays: number;
  nowMs(): number;
  /** The only node there can be: what other nodes left is ours at once. */
  alone: boolean;
  alwaysLeads?: boolean;
  repairMs?: number;
  times?: SeatTimes;
}): Promise<Seats> {
  const { db, bus, logger, nodeId, nowMs } = options;
  await using cleanup = new AsyncDisposableStack();
  const inSystem = <T>(work: Parameters<typeof inScope<T>>[2]) => inScope(db, SYSTEM, work);
  await inSystem(async (tx) => {
    if (options.alone) for (const other of await liveNodes(tx)) await forgetNode(tx, other);
    await beat(tx, nodeId);
  });
  cleanup.defer(() => inSystem((tx) => forgetNode(tx, nodeId)).catch(() => {}));

  const actions = createCallActions({ db, bus, nowMs });
  const recordings = createRecordings({
    db,
    logger,
    root: join(options.dataDir, "recordings"),
    nodeId,
    keepDays: options.recordingDays,
    nowMs,
  });
  await recordings.recover(await inSystem(liveNodes));
  const calls = cleanup.use(
    createHostedCalls({
      db,
      bus,
      logger,
      nodeId,
      nowMs,
      engine: options.engine,
      actions,
      recordings,
      iceServers: options.iceServers,
      times: options.times ?? SEAT_TIMES,
    }),
  );
  const states = createDeskStates({ db, calls, nowMs });
  const orders = cleanup.use(createOrders({ db, bus, logger, actions, calls, newId: randomUUID }));

  const tellPlaces = (): void => {
    inSystem(openCalls)
      .then((records) => {
        for (const record of records)
          if (["queued", "offered"].includes(record.state.phase.name) && !record.live.nobody)
            bus.emit("call.placed", { callId: record.call_id, ...dispatcher.position(record.call_id) });
      })
      .catch((cause: unknown) => logger.warn({ cause: String(cause) }, "places of waiting customers"));
  };
  let placing: NodeJS.Timeout | null = null;
  const dispatcher = cleanup.use(
    startDispatcher({
      db,
      bus,
      logger,
      nodeId,
      nowMs,
      ...(options.alwaysLeads === undefined ? {} : { alwaysLeads: options.alwaysLeads }),
      ...(options.repairMs === undefined ? {} : { repairMs: options.repairMs }),
      onMoved() {
        placing ??= setTimeout(() => {
          placing = null;
          tellPlaces();
        }, 200);
      },
    }),
  );

  const sweep = async (): Promise<void> => {
    if (!dispatcher.isLeading()) return;
    for (const row of await inSystem((tx) => dueSeats(tx, nowMs()))) await actions.wrapDue(row.seat_id);
    for (const row of await inSystem((tx) => silentSeats(tx, nowMs() - SEAT_SILENT_MS))) {
      logger.info({ seatId: row.seat_id }, "a seat without a desk goes offline");
      await actions.loseSeat(row.seat_id);
    }
    tellPlaces();
  };
  let sweeping = false;
  const beating = setInterval(() => {
    inSystem((tx) => beat(tx, nodeId)).catch(() => {});
  }, BEAT_MS);
  const sweeper = setInterval(() => {
    if (sweeping) return;
    sweeping = true;
    sweep()
      .catch((cause: unknown) => logger.warn({ cause: String(cause) }, "looking after seats; tried again"))
      .finally(() => (sweeping = false));
  }, SWEEP_MS);
  cleanup.defer(() => {
    clearInterval(beating);
    clearInterval(sweeper);
    if (placing) clearTimeout(placing);
  });

  /** A kiosk that believes in a call that is over (it missed the word of it), or that nobody knows. */
  const answerUnhosted = async (deviceId: string, callId: CallId): Promise<void> => {
    const record = await inSystem((tx) => findCall(tx, callId));
    const mine = record?.device_id === deviceId ? record : null;
    // Open at another node, or about to be adopted: its host speaks.
    if (mine && !isOver(mine.state.phase)) return;
    const progress: CallProgress = mine
      ? progressOf(mine, { position: null, expectedWaitMs: null }, null)
      : { name: "unknown" };
    bus.emit("call.down", { deviceId, message: { type: "progress", callId, progress, recording: false } });
  };

  const rpc = kioskCallRpc({ db, bus, actions, nodeId, nowMs, newId: randomUUID, hosted: calls.host });
  const kept = cleanup.move();
  return {
    dispatcher,
    actions,
    calls,
    states,
    recordings,
    engine: options.engine,
    rpc,
    receive(deviceId, message) {
      const up = CallUp.parse(message);
      bus.emit("call.up", { deviceId, message: up });
      if (up.type !== "alive" || calls.get(up.callId)) return;
      answerUnhosted(deviceId, up.callId).catch((cause: unknown) =>
        logger.warn({ cause: String(cause) }, "a kiosk that believes in a call could not be answered"),
      );
    },
    order: orders.take,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
