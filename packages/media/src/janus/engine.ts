import { randomInt } from "node:crypto";
import type { RoomId } from "@gridhall/domain/media/schema.ts";
import { MediaError, type MediaEngine, type MediaEvent, type Room, type RoomOptions } from "../engine.ts";
import { RoomCore } from "../room/room.ts";
import { JanusRoom } from "./janusRoom.ts";
import { JanusSession } from "./session.ts";

export interface JanusOptions {
  /** Janus's WebSocket API, such as `ws://127.0.0.1:8188`. Several servers share the rooms. */
  urls: readonly string[];
  /** Address of this machine that Janus forwards recorded packets to. */
  recordHost: string;
  wallMs?: () => number;
}

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5_000;
/** Ids are numbers that JSON carries exactly. */
const newId = () => randomInt(1, 2 ** 47);

interface Server {
  readonly url: string;
  session: JanusSession | null;
  rooms: number;
  restarts: number;
  retry: NodeJS.Timeout | undefined;
}

/** Janus servers behind the same interface as the embedded SFU. Their processes are somebody else's to supervise. */
export async function startJanus(options: JanusOptions): Promise<MediaEngine> {
  const wallMs = options.wallMs ?? (() => performance.timeOrigin + performance.now());
  const rooms = new Map<RoomId, { core: RoomCore; backend: JanusRoom; server: Server }>();
  const listeners = new Set<(event: MediaEvent) => void>();
  let closing = false;
  const servers = options.urls.map((url): Server => ({ url, session: null, rooms: 0, restarts: 0, retry: undefined }));

  async function connect(server: Server): Promise<void> {
    const session = await JanusSession.open(server.url, () => {
      server.session = null;
      if (!closing) reconnect(server, FIRST_DELAY_MS);
    });
    server.session = session;
  }

  function reconnect(server: Server, delayMs: number): void {
    server.retry = setTimeout(() => {
      connect(server).then(
        () => restore(server),
        () => reconnect(server, Math.min(LONGEST_DELAY_MS, delayMs * 1.5)),
      );
    }, delayMs);
  }

  /** A session that ended has taken its rooms with it. */
  async function restore(server: Server): Promise<void> {
    server.restarts += 1;
    for (const room of rooms.values()) {
      const { session } = server;
      if (room.server !== server || !session) continue;
      try {
        await room.backend.open(session);
        room.core.restarted();
      } catch {
        // The connection broke again: the next one restores this room too.
        session.close();
        return;
      }
    }
  }

  const connected = await Promise.allSettled(servers.map((server) => connect(server)));
  if (connected.every((result) => result.status === "rejected"))
    throw new MediaError("engine.unavailable", { urls: options.urls });
  for (const server of servers) if (!server.session) reconnect(server, FIRST_DELAY_MS);

  return {
    async openRoom({ roomId, iceServers = () => [] }: RoomOptions): Promise<Room> {
      if (rooms.has(roomId)) throw new MediaError("room.exists", { roomId });
      const server = servers
        .filter((one) => one.session !== null)
        .reduce<Server | null>((least, one) => (!least || one.rooms < least.rooms ? one : least), null);
      if (!server?.session) throw new MediaError("engine.unavailable", { urls: options.urls });
      let backend: JanusRoom | null = null;
      const core = new RoomCore(
        {
          roomId,
          iceServers,
          wallMs,
          emit: (event) => {
            for (const listener of listeners) listener(event);
          },
          onClosed: () => {
            if (rooms.delete(roomId)) server.rooms -= 1;
          },
        },
        (sink) => {
          backend = new JanusRoom({ roomId, recordHost: options.recordHost, wallMs, newId }, sink);
          return backend;
        },
      );
      const opened = backend as JanusRoom | null;
      if (!opened) throw new MediaError("engine.unavailable", { roomId });
      rooms.set(roomId, { core, backend: opened, server });
      server.rooms += 1;
      try {
        await opened.open(server.session);
      } catch (error) {
        rooms.delete(roomId);
        server.rooms -= 1;
        throw error;
      }
      return core;
    },
    room: (roomId) => rooms.get(roomId)?.core,
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async health() {
      const down = servers.filter((server) => server.session === null);
      return {
        kind: "janus",
        ok: down.length < servers.length,
        detail: down.length === 0 ? "" : `no connection to ${down.map((server) => server.url).join(", ")}`,
        servers: servers.map(({ url, session, rooms: open, restarts }) => ({
          name: url,
          up: session !== null,
          rooms: open,
          restarts,
        })),
      };
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([...rooms.values()].map((room) => room.core.close()));
      closing = true;
      for (const server of servers) {
        clearTimeout(server.retry);
        server.session?.close();
      }
    },
  };
}
