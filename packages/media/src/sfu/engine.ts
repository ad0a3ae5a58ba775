import { createSocket } from "node:dgram";
import type { ParticipantId, RoomId, TrackId, TrackKind } from "@gridhall/domain/media/schema.ts";
import {
  type EngineHealth,
  MediaError,
  type MediaEngine,
  type MediaEvent,
  type Room,
  type RoomOptions,
} from "../engine.ts";
import { recoverRecording } from "../recording/recover.ts";
import type { RecordedTrack, RoomBackend } from "../room/backend.ts";
import { RoomCore } from "../room/room.ts";
import { SupervisedChild } from "./childProcess.ts";
import type { FromChild, ToChild } from "./protocol.ts";

export interface SfuOptions {
  /** Processes; about one a core that media may use. */
  children: number;
  /** First UDP port, one a child; 0 takes free ones. A firewall opens `firstPort … firstPort + children − 1`. */
  firstPort: number;
  /** Where browsers reach this machine. */
  bindAddress: string;
  /** What browsers are told instead, behind a one-to-one NAT. */
  publicAddress?: string;
  wallMs?: () => number;
}

/** The embedded SFU. `injectLoss` and `childPid` exist for tests and drills. */
export interface SfuEngine extends MediaEngine {
  /** Drops these shares (0 … 1) of packets from and to browsers in all children. */
  injectLoss(up: number, down: number): void;
  /** Process that serves a room. */
  childPid(roomId: RoomId): number | undefined;
}

const READY_MS = 15_000;

export async function startSfu(options: SfuOptions): Promise<SfuEngine> {
  const wallMs = options.wallMs ?? (() => performance.timeOrigin + performance.now());
  const rooms = new Map<RoomId, { core: RoomCore; child: SupervisedChild; opened: () => void }>();
  const listeners = new Set<(event: MediaEvent) => void>();
  const children: SupervisedChild[] = [];
  for (let index = 0; index < options.children; index += 1) {
    const port = options.firstPort === 0 ? await freeUdpPort(options.bindAddress) : options.firstPort + index;
    const child: SupervisedChild = new SupervisedChild(
      `sfu-${index}`,
      { port, bindAddress: options.bindAddress, publicAddress: options.publicAddress ?? null },
      {
        onMessage: (message) => deliver(message),
        onRestarted: () => {
          for (const room of rooms.values())
            if (room.child === child) {
              room.opened();
              room.core.restarted();
            }
        },
      },
    );
    children.push(child);
  }
  const up = await Promise.all(children.map((child) => child.ready(READY_MS)));
  if (up.includes(false)) {
    await Promise.all(children.map((child) => child[Symbol.asyncDispose]()));
    throw new MediaError("engine.unavailable", { detail: "a media process does not start" });
  }

  function deliver(message: FromChild): void {
    if (!("roomId" in message)) return;
    const core = rooms.get(message.roomId)?.core;
    if (!core) return;
    switch (message.type) {
      case "publish-answer":
        return core.publishAnswer(message.participantId, message.epoch, message.sdp);
      case "subscribe-offer":
        return core.subscribeOffer(message.participantId, message.epoch, message.revision, message.sdp, message.map);
      case "candidate":
        return core.candidate(message.participantId, message.epoch, message.leg, message.mid, message.candidate);
      case "tracks":
        return core.tracks(message.participantId, message.epoch, message.map);
      case "leg-state":
        return core.legState(message.participantId, message.epoch, message.leg, message.state);
      case "flow":
        return core.flow(message.participantId, message.flowing);
      case "chunk":
        return core.chunk(message.dir, message.file, message.bytes, message.durationMs);
      case "recording-failed":
        return core.recordingFailed(message.dir, message.detail);
      default:
        return message satisfies never;
    }
  }

  return {
    async openRoom({ roomId, iceServers = () => [] }: RoomOptions): Promise<Room> {
      if (rooms.has(roomId)) throw new MediaError("room.exists", { roomId });
      // The least loaded of those that run; pinned, because a room's packets never cross processes.
      const child = children
        .filter((one) => one.up)
        .reduce<SupervisedChild | null>((least, one) => (!least || one.rooms < least.rooms ? one : least), null);
      if (!child) throw new MediaError("engine.unavailable", { detail: "no media process runs" });
      child.rooms += 1;
      const core = new RoomCore(
        {
          roomId,
          iceServers,
          wallMs,
          emit: (event) => {
            for (const listener of listeners) listener(event);
          },
          onClosed: () => {
            rooms.delete(roomId);
            child.rooms -= 1;
          },
        },
        () => new ChildBackend(roomId, child),
      );
      const opened = () => child.send({ type: "open-room", roomId });
      rooms.set(roomId, { core, child, opened });
      opened();
      return core;
    },
    room: (roomId) => rooms.get(roomId)?.core,
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async health(): Promise<EngineHealth> {
      const down = children.filter((child) => !child.up);
      return {
        kind: "sfu",
        ok: down.length < children.length,
        detail: down.length === 0 ? "" : `not running: ${down.map((child) => child.name).join(", ")}`,
        servers: children.map(({ name, up: isUp, rooms: open, restarts }) => ({
          name,
          up: isUp,
          rooms: open,
          restarts,
        })),
      };
    },
    injectLoss(up, down) {
      for (const child of children) child.send({ type: "loss", up, down });
    },
    childPid: (roomId) => rooms.get(roomId)?.child.pid,
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([...rooms.values()].map((room) => room.core.close()));
      await Promise.all(children.map((child) => child[Symbol.asyncDispose]()));
    },
  };
}

class ChildBackend implements RoomBackend {
  readonly #roomId: RoomId;
  readonly #child: SupervisedChild;
  #recordingDir: string | null = null;

  constructor(roomId: RoomId, child: SupervisedChild) {
    this.#roomId = roomId;
    this.#child = child;
  }

  join(participantId: ParticipantId, epoch: number): void {
    this.#child.send({ type: "join", roomId: this.#roomId, participantId, epoch });
  }

  leave(participantId: ParticipantId): void {
    this.#child.send({ type: "leave", roomId: this.#roomId, participantId });
  }

  publishOffer(
    participantId: ParticipantId,
    epoch: number,
    sdp: string,
    tracks: readonly { mid: string; kind: TrackKind }[],
  ): void {
    this.#child.send({ type: "publish-offer", roomId: this.#roomId, participantId, epoch, sdp, tracks });
  }

  subscribeAnswer(participantId: ParticipantId, epoch: number, revision: number, sdp: string): void {
    this.#child.send({ type: "subscribe-answer", roomId: this.#roomId, participantId, epoch, revision, sdp });
  }

  candidate(
    participantId: ParticipantId,
    epoch: number,
    leg: "publish" | "subscribe",
    mid: string,
    candidate: string,
  ): void {
    this.#child.send({ type: "candidate", roomId: this.#roomId, participantId, epoch, leg, mid, candidate });
  }

  sending(participantId: ParticipantId, kinds: readonly TrackKind[]): void {
    this.#child.send({ type: "sending", roomId: this.#roomId, participantId, kinds });
  }

  subscribe(participantId: ParticipantId, tracks: readonly TrackId[]): void {
    this.#child.send({ type: "subscribe", roomId: this.#roomId, participantId, tracks });
  }

  async startRecording(dir: string, tracks: readonly RecordedTrack[]): Promise<void> {
    const roomId = this.#roomId;
    this.#recordingDir = dir;
    await this.#child.request((request) => ({ type: "start-recording", roomId, dir, tracks, request }));
  }

  recordTracks(tracks: readonly RecordedTrack[]): void {
    this.#child.send({ type: "record-tracks", roomId: this.#roomId, tracks });
  }

  async stopRecording(): Promise<void> {
    const roomId = this.#roomId;
    await this.#endRecording((request) => ({ type: "stop-recording", roomId, request }));
  }

  stats() {
    const roomId = this.#roomId;
    return this.#child.request((request) => ({ type: "stats", roomId, request })).catch(() => []);
  }

  async close(): Promise<void> {
    const roomId = this.#roomId;
    await this.#endRecording((request) => ({ type: "close-room", roomId, request }));
  }

  /** A child that is gone has taken the room with it; what it had recorded is made whole here. */
  async #endRecording(message: (request: number) => ToChild): Promise<void> {
    const dir = this.#recordingDir;
    this.#recordingDir = null;
    try {
      await this.#child.request(message);
    } catch {
      if (dir !== null) await recoverRecording(dir);
    }
  }
}

function freeUdpPort(address: string): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createSocket("udp4");
    probe.once("error", fail);
    probe.bind(0, address, () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
