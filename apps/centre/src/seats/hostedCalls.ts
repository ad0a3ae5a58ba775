import { MediaError, type MediaEngine, type Participant, type Room } from "@gridhall/media/engine.ts";
import { ParticipantId, type PresenceMode, RoomId } from "@gridhall/domain/media/schema.ts";
import { isOver, seatOfPhase } from "@gridhall/domain/seats/applyCallEvent.ts";
import {
  allows,
  type JourneyView,
  type PageMap,
  type Proposal,
  type SharedItem,
} from "@gridhall/domain/seats/assist.ts";
import type { CallDown, CallUp } from "@gridhall/domain/seats/callLink.ts";
import type { DeviceTrouble } from "@gridhall/domain/seats/callView.ts";
import type { CentreToDesk } from "@gridhall/domain/seats/desk.ts";
import { CallId, type SeatId } from "@gridhall/domain/seats/schema.ts";
import type { Logger } from "pino";
import { type Database, inScope, SYSTEM } from "../db/database.ts";
import type { Bus } from "../live/bus.ts";
import type { CallActions } from "./callActions.ts";
import { type CallRecord, findCall, openCalls, takeOver } from "./callStore.ts";
import { liveNodes } from "./nodes.ts";
import { progressOf } from "./progress.ts";
import type { Recordings, RunningRecording } from "./recordings.ts";
import { findSeat } from "./seatStore.ts";

/** What only matters while it lasts, of one call: kept by the node that hosts it, made anew where that node dies. */
export interface HostedCall {
  readonly callId: string;
  record: CallRecord;
  journey: JourneyView | null;
  map: PageMap | null;
  proposal: Proposal | null;
  proposalAnswer: "accepted" | "declined" | "stale" | "refused-by-page" | null;
  shared: SharedItem | null;
  customerMedia: { camera: DeviceTrouble; microphone: DeviceTrouble; screen: DeviceTrouble };
  place: { position: number | null; expectedWaitMs: number | null };
  customerSeenMs: number;
  /** Since when the desk of the call's seat is gone; null: it is there. */
  deskGoneMs: number | null;
  connectingMs: number | null;
  room: Promise<Room> | null;
  readonly participants: Map<string, Participant>;
  readonly connected: Set<string>;
  /** Being let in at this moment. */
  readonly joining: Set<string>;
  recording: RunningRecording | null;
}

export interface HostedCalls extends AsyncDisposable {
  get(callId: string): HostedCall | null;
  /** Takes the call on: after its first event, or from a node that is dead. */
  host(record: CallRecord): void;
  /** Sends to the customer's kiosk. */
  toDevice(call: HostedCall, message: CallDown): void;
  /** Everybody who has the call on their desk: the seat, invited agents, supervisors. */
  desksOf(call: HostedCall): string[];
  joinDesk(call: HostedCall, seatId: string): Promise<void>;
  deskMedia(call: HostedCall, seatId: string, message: Parameters<Participant["receive"]>[0]): void;
  /** The page of somebody's desk shows this call anew. */
  refresh(callId: string): Promise<void>;
}

const SWEEP_MS = 500;
const RINGING_DESK_GRACE_MS = 2_000;
/** How patient the seats are; tests are less so. */
export interface SeatTimes {
  /** A desk that is gone so long is lost: the customer goes back to the head of the queue. */
  readonly deskGraceMs: number;
  readonly customerSilentMs: number;
  readonly customerGoneMs: number;
  /** Talking begins when both see each other, or after this long without pictures: the rest of the help works. */
  readonly connectPatienceMs: number;
}
export const SEAT_TIMES: SeatTimes = {
  deskGraceMs: 7_000,
  customerSilentMs: 8_000,
  customerGoneMs: 45_000,
  connectPatienceMs: 10_000,
};

export function createHostedCalls(options: {
  db: Database;
  bus: Bus;
  logger: Logger;
  nodeId: string;
  nowMs(): number;
  engine: MediaEngine;
  actions: CallActions;
  recordings: Recordings;
  iceServers: Parameters<MediaEngine["openRoom"]>[0]["iceServers"];
  times: SeatTimes;
}): HostedCalls {
  const { times } = options;
  const { db, bus, logger, engine, actions, nodeId, nowMs } = options;
  const calls = new Map<string, HostedCall>();
  /** Desks that are gone, since when. */
  const gone = new Map<string, number>();
  const customerIn = (call: HostedCall) => ParticipantId.parse(`customer.${call.record.device_id ?? "online"}`);
  const deskIn = (seatId: string) => ParticipantId.parse(`seat.${seatId}`);
  const quietly = (work: Promise<unknown>, what: string): void => {
    work.catch((cause: unknown) => logger.warn({ cause: cause instanceof Error ? cause.stack : String(cause) }, what));
  };

  const toDevice = (call: HostedCall, message: CallDown): void => {
    if (call.record.device_id) bus.emit("call.down", { deviceId: call.record.device_id, message });
  };
  const toDesk = (seatId: string, message: CentreToDesk): void => bus.emit("desk.told", { seatId, message });
  const desksOf = (call: HostedCall): string[] => {
    const seatId = seatOfPhase(call.record.state.phase);
    const { parties, invitation } = call.record.live;
    return [...new Set([seatId, ...parties.map((party) => party.seatId), invitation?.seatId ?? null])].filter(
      (one): one is SeatId => one !== null,
    );
  };
  const refreshDesks = (call: HostedCall): void => {
    for (const seatId of desksOf(call)) bus.emit("desk.stale", { seatId });
  };

  const host = (record: CallRecord): void => {
    if (calls.has(record.call_id)) return;
    calls.set(record.call_id, {
      callId: record.call_id,
      record,
      journey: null,
      map: null,
      proposal: null,
      proposalAnswer: null,
      shared: null,
      customerMedia: { camera: "ok", microphone: "ok", screen: "ok" },
      place: { position: null, expectedWaitMs: null },
      customerSeenMs: nowMs(),
      deskGoneMs: null,
      connectingMs: null,
      room: null,
      participants: new Map(),
      connected: new Set(),
      joining: new Set(),
      recording: null,
    });
    quietly(refresh(record.call_id), "a call could not be taken on");
  };

  const tellProgress = async (call: HostedCall): Promise<void> => {
    const seatId = seatOfPhase(call.record.state.phase);
    const seat = seatId ? await inScope(db, SYSTEM, (tx) => findSeat(tx, seatId)) : null;
    const progress = progressOf(call.record, call.place, seat);
    toDevice(call, {
      type: "progress",
      callId: CallId.parse(call.callId),
      progress,
      recording: call.recording !== null,
    });
  };

  /** Reads the row again and lets room, recording, kiosk and desks follow it. */
  const refresh = async (callId: string): Promise<void> => {
    const call = calls.get(callId);
    if (!call) return;
    const record = await inScope(db, SYSTEM, (tx) => findCall(tx, callId));
    if (!record) return;
    if (record.node_id !== nodeId) return forget(call, false);
    const before = desksOf(call);
    call.record = record;
    const { phase } = record.state;
    call.connectingMs = phase.name === "connecting" ? (call.connectingMs ?? nowMs()) : null;
    if (isOver(phase)) {
      await tellProgress(call);
      for (const seatId of before) bus.emit("desk.stale", { seatId });
      return forget(call, true);
    }
    if (seatOfPhase(phase) === null && call.room) await closeRoom(call);
    await followModes(call, before);
    await followRecording(call);
    await tellProgress(call);
    for (const seatId of new Set([...before, ...desksOf(call)])) bus.emit("desk.stale", { seatId });
  };

  const forget = async (call: HostedCall, over: boolean): Promise<void> => {
    calls.delete(call.callId);
    await closeRoom(call);
    if (over) logger.info({ callId: call.callId, phase: call.record.state.phase.name }, "a call is over");
  };

  // Media --------------------------------------------------------------------------------------------------------------

  const roomOf = (call: HostedCall): Promise<Room> => {
    if (call.room) return call.room;
    const opening = engine.openRoom({
      roomId: RoomId.parse(call.callId),
      ...(options.iceServers ? { iceServers: options.iceServers } : {}),
    });
    call.room = opening;
    opening.catch(() => {
      if (call.room === opening) call.room = null;
    });
    return opening;
  };

  const closeRoom = async (call: HostedCall): Promise<void> => {
    const { room } = call;
    call.room = null;
    call.participants.clear();
    call.connected.clear();
    if (call.recording) {
      const { recording } = call;
      call.recording = null;
      await recording.stop();
    }
    if (room)
      await room
        .then((open) => open.close())
        .catch((cause: unknown) => logger.warn({ cause: String(cause) }, "a room"));
  };

  const customerMode = (call: HostedCall): "talking" | "held" =>
    call.record.state.phase.name === "held" ? "held" : "talking";
  const deskMode = (call: HostedCall, seatId: string): { role: "agent" | "supervisor"; mode: PresenceMode } | null => {
    if (seatOfPhase(call.record.state.phase) === seatId) return { role: "agent", mode: "talking" };
    const party = call.record.live.parties.find((one) => one.seatId === seatId);
    return party ? { role: party.role, mode: party.mode } : null;
  };

  /** Who is in the room and how follows from the row; whoever is not on it any more is taken out. */
  const followModes = async (call: HostedCall, before: readonly string[]): Promise<void> => {
    if (!call.room) return;
    const room = await call.room.catch(() => null);
    if (!room) return;
    const customer = customerIn(call);
    if (call.participants.has(customer)) room.setMode(customer, customerMode(call));
    for (const seatId of new Set([...before, ...desksOf(call)])) {
      const participantId = deskIn(seatId);
      if (!call.participants.has(participantId)) continue;
      const mode = deskMode(call, seatId);
      if (mode && room.participants().some((one) => one.participantId === participantId && one.role === mode.role))
        room.setMode(participantId, mode.mode);
      else {
        room.remove(participantId);
        call.participants.delete(participantId);
        call.connected.delete(participantId);
        // An agent who became something else (or nobody) joins anew in that part.
        if (mode) await joinDesk(call, seatId);
      }
    }
  };

  const joinCustomer = async (call: HostedCall): Promise<void> => {
    if (seatOfPhase(call.record.state.phase) === null) return;
    const room = await roomOf(call);
    const participantId = customerIn(call);
    call.connected.delete(participantId);
    const participant = room.join({
      participantId,
      role: "customer",
      mode: customerMode(call),
      send: (message) => toDevice(call, { type: "media", callId: CallId.parse(call.callId), message }),
    });
    call.participants.set(participantId, participant);
  };

  /**
   * Whoever speaks of connections to a room that is not there any more (its centre died, and this node took the call over)
   * is let into the new one: the `welcome` makes the browser build again.
   */
  const receive = (
    call: HostedCall,
    participantId: ParticipantId,
    message: Parameters<Participant["receive"]>[0],
    join: () => Promise<void>,
  ): void => {
    const participant = call.participants.get(participantId);
    if (participant) return participant.receive(message);
    if (call.joining.has(participantId)) return;
    call.joining.add(participantId);
    quietly(
      join().finally(() => call.joining.delete(participantId)),
      "somebody could not be let into the room again",
    );
  };

  const joinDesk = async (call: HostedCall, seatId: string): Promise<void> => {
    const mode = deskMode(call, seatId);
    if (!mode || seatOfPhase(call.record.state.phase) === null) return;
    const room = await roomOf(call);
    const participantId = deskIn(seatId);
    call.connected.delete(participantId);
    const participant = room.join({
      participantId,
      role: mode.role,
      mode: mode.mode,
      send: (message) => toDesk(seatId, { type: "media", callId: CallId.parse(call.callId), message }),
    });
    call.participants.set(participantId, participant);
    // Whoever comes late gets the page's map as it is; the next comes with the next change of the page only.
    if (call.map && allows(call.record.live.consent, "view"))
      toDesk(seatId, { type: "page-map", callId: CallId.parse(call.callId), map: call.map });
  };

  const offEngine = engine.on((event) => {
    if (event.type !== "participant-connected") return;
    const call = calls.get(event.roomId);
    if (!call) return;
    call.connected.add(event.participantId);
    if (call.record.state.phase.name === "connecting") beginIfBothThere(call);
  });

  const beginIfBothThere = (call: HostedCall): void => {
    const seatId = seatOfPhase(call.record.state.phase);
    if (seatId && call.connected.has(customerIn(call)) && call.connected.has(deskIn(seatId)))
      quietly(actions.connected(call.callId), "a call could not be marked as connected");
  };

  const followRecording = async (call: HostedCall): Promise<void> => {
    const { phase } = call.record.state;
    const wanted =
      call.record.live.recording &&
      (phase.name === "connected" || phase.name === "held" || phase.name === "interrupted");
    if (wanted && !call.recording && call.room) {
      try {
        call.recording = await options.recordings.start(call.record, await call.room);
      } catch (cause) {
        const known = cause instanceof MediaError && cause.code === "recording.exists";
        if (!known)
          logger.error({ callId: call.callId, cause: String(cause) }, "a call is not recorded although it should be");
      }
    } else if (!call.record.live.recording && call.recording) {
      const { recording } = call;
      call.recording = null;
      await recording.stop();
    }
  };

  // What the kiosk says ------------------------------------------------------------------------------------------------

  const heard = (message: CallUp): void => {
    const call = calls.get(message.callId);
    if (!call) return;
    const wasSilent = nowMs() - call.customerSeenMs > times.customerSilentMs;
    call.customerSeenMs = nowMs();
    const { phase } = call.record.state;
    if (wasSilent && phase.name === "interrupted" && phase.side === "customer")
      quietly(actions.rejoined(call.callId), "a customer is back");
    switch (message.type) {
      case "alive":
        // Passing messages may be lost; what the customer is told is said again with every sign of life.
        return quietly(tellProgress(call), "a customer could not be told how the call stands");
      case "journey":
        call.journey = message.journey;
        return refreshDesks(call);
      case "page-map":
        call.map = message.map;
        if (!allows(call.record.live.consent, "view")) return;
        for (const seatId of desksOf(call))
          toDesk(seatId, { type: "page-map", callId: message.callId, map: message.map });
        return;
      case "media-join":
        return quietly(joinCustomer(call), "a customer could not join the room");
      case "media":
        return receive(call, customerIn(call), message.message, () => joinCustomer(call));
      case "devices":
        call.customerMedia = { camera: message.camera, microphone: message.microphone, screen: message.screen };
        return refreshDesks(call);
      case "proposal-answered":
        if (call.proposal?.proposalId !== message.proposalId) return;
        call.proposal = null;
        call.proposalAnswer = message.answer;
        return refreshDesks(call);
      default:
        return message satisfies never;
    }
  };

  // Time ---------------------------------------------------------------------------------------------------------------

  const sweep = async (): Promise<void> => {
    for (const call of calls.values()) {
      const { phase } = call.record.state;
      const silentMs = nowMs() - call.customerSeenMs;
      const seatId = seatOfPhase(phase);
      if (call.record.device_id && silentMs > times.customerGoneMs)
        await actions.end(call.callId, "system", "customer-left");
      else if (call.record.device_id && silentMs > times.customerSilentMs && seatId && phase.name !== "interrupted")
        await actions.interrupted(call.callId, "customer");
      if (seatId && call.deskGoneMs !== null && nowMs() - call.deskGoneMs > times.deskGraceMs) {
        call.deskGoneMs = null;
        await actions.loseSeat(seatId);
      }
      const goneMs = phase.name === "offered" ? gone.get(phase.seatId) : undefined;
      // It rings where nobody can hear it.
      if (phase.name === "offered" && goneMs !== undefined && nowMs() - goneMs > RINGING_DESK_GRACE_MS)
        await actions.loseSeat(phase.seatId);
      if (call.connectingMs !== null && nowMs() - call.connectingMs > times.connectPatienceMs)
        await actions.connected(call.callId);
      const { invitation } = call.record.live;
      if (invitation && invitation.expiresMs > 0 && invitation.expiresMs < nowMs())
        await actions.expireInvitation(call.callId);
    }
  };

  /** Calls of nodes that are dead find a new host; room and pictures are built again by the browsers. */
  const adopt = async (): Promise<void> => {
    const adopted = await inScope(db, SYSTEM, async (tx) => {
      const open = (await openCalls(tx)).filter((record) => record.node_id !== nodeId);
      if (open.length === 0) return [];
      const alive = await liveNodes(tx);
      const taken: CallRecord[] = [];
      for (const record of open)
        if (
          (record.node_id === null || !alive.has(record.node_id)) &&
          (await takeOver(tx, record.call_id, record.node_id, nodeId))
        )
          taken.push({ ...record, node_id: nodeId });
      return taken;
    });
    for (const record of adopted) {
      host(record);
      const call = calls.get(record.call_id);
      // Until its desk speaks up it counts as gone; the grace decides.
      if (call && seatOfPhase(record.state.phase)) call.deskGoneMs = nowMs();
    }
    if (adopted.length > 0) logger.info({ calls: adopted.length }, "calls of a dead node are hosted here now");
  };

  const deskSeen = (seatId: string, online: boolean): void => {
    if (online) gone.delete(seatId);
    else if (!gone.has(seatId)) gone.set(seatId, nowMs());
    for (const call of calls.values()) {
      const { phase } = call.record.state;
      if (seatOfPhase(phase) !== seatId) continue;
      if (!online && call.deskGoneMs === null) {
        call.deskGoneMs = nowMs();
        quietly(actions.interrupted(call.callId, "seat"), "a desk is gone");
      }
      if (online && call.deskGoneMs !== null) {
        call.deskGoneMs = null;
        if (phase.name === "interrupted" && phase.side === "seat")
          quietly(actions.rejoined(call.callId), "a desk is back");
      }
      if (online && call.deskGoneMs === null && phase.name === "interrupted" && phase.side === "seat")
        quietly(actions.rejoined(call.callId), "a desk is back");
    }
  };

  let running = false;
  const every = setInterval(() => {
    if (running) return;
    running = true;
    sweep()
      .then(adopt)
      .catch((cause: unknown) => logger.warn({ cause: String(cause) }, "looking after calls; tried again"))
      .finally(() => (running = false));
  }, SWEEP_MS);
  quietly(adopt(), "calls of dead nodes");
  const stops = [
    bus.on("call.changed", ({ callId }) => quietly(refresh(callId), "a call could not be refreshed")),
    bus.on("call.placed", ({ callId, position, expectedWaitMs }) => {
      const call = calls.get(callId);
      if (!call || (call.place.position === position && call.place.expectedWaitMs === expectedWaitMs)) return;
      call.place = { position, expectedWaitMs };
      quietly(tellProgress(call), "a waiting customer could not be told their place");
    }),
    bus.on("call.up", ({ deviceId, message }) => {
      if (calls.get(message.callId)?.record.device_id === deviceId) heard(message);
    }),
    bus.on("desk.seen", ({ seatId, online }) => deskSeen(seatId, online)),
  ];

  return {
    get: (callId) => calls.get(callId) ?? null,
    host,
    toDevice,
    desksOf,
    joinDesk,
    deskMedia(call, seatId, message) {
      receive(call, deskIn(seatId), message, () => joinDesk(call, seatId));
    },
    refresh,
    async [Symbol.asyncDispose]() {
      clearInterval(every);
      for (const stop of stops) stop();
      offEngine();
      for (const call of [...calls.values()]) await forget(call, false);
    },
  };
}
