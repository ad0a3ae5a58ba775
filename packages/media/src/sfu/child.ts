import type { RoomId } from "@gridhall/domain/media/schema.ts";
import nodeDataChannel from "node-datachannel";
import type { TrackStats } from "../engine.ts";
import { ChildRoom } from "./childRoom.ts";
import { Loss } from "./loss.ts";
import type { FromChild, ToChild } from "./protocol.ts";
import type { TransportOptions } from "./transport.ts";

/** A process of the SFU: forwards the packets of its rooms, does what its parent says, and ends with it. */
const TICK_MS = 20;
const REPORT_MS = 1_000;

const rooms = new Map<RoomId, ChildRoom>();
const loss = new Loss(Math.random);
let transport: TransportOptions | null = null;

const tell = (message: FromChild) => {
  if (process.connected) process.send?.(message);
};
const now = () => performance.now();
/** Set back or forth by nobody while the process lives. */
const wallMs = () => performance.timeOrigin + performance.now();

function answer(request: number, work: Promise<void>, stats: () => readonly TrackStats[] = () => []): void {
  work.then(
    () => tell({ type: "done", request, error: null, stats: stats() }),
    (error: unknown) => tell({ type: "done", request, error: String(error), stats: [] }),
  );
}

function handle(message: ToChild): void {
  switch (message.type) {
    case "start":
      transport = { ...message.options, loss, now, wallMs };
      return tell({ type: "ready", port: message.options.port });
    case "ping":
      return tell({ type: "pong" });
    case "loss":
      return loss.set(message.up, message.down);
    case "open-room":
      if (transport) rooms.set(message.roomId, new ChildRoom(message.roomId, transport, tell));
      return;
    default:
      return handleInRoom(message);
  }
}

function handleInRoom(message: Exclude<ToChild, { type: "start" | "ping" | "loss" | "open-room" }>): void {
  const room = rooms.get(message.roomId);
  if (!room) {
    if ("request" in message) answer(message.request, Promise.resolve());
    return;
  }
  switch (message.type) {
    case "close-room":
      rooms.delete(message.roomId);
      return answer(message.request, room.close());
    case "join":
      return room.join(message.participantId, message.epoch);
    case "leave":
      return room.leave(message.participantId);
    case "publish-offer":
      void room.publishOffer(message.participantId, message.epoch, message.sdp, message.tracks);
      return;
    case "subscribe-answer":
      return room.subscribeAnswer(message.participantId, message.epoch, message.revision, message.sdp);
    case "candidate":
      return room.candidate(message.participantId, message.epoch, message.leg, message.mid, message.candidate);
    case "sending":
      return room.sending(message.participantId, message.kinds);
    case "subscribe":
      return room.subscribe(message.participantId, message.tracks);
    case "start-recording":
      return answer(message.request, room.startRecording(message.dir, message.tracks));
    case "record-tracks":
      return room.recordTracks(message.tracks);
    case "stop-recording":
      return answer(message.request, room.stopRecording());
    case "stats":
      return answer(message.request, Promise.resolve(), () => room.stats());
    default:
      return message satisfies never;
  }
}

process.on("message", (message) => {
  try {
    handle(message as ToChild);
  } catch (error) {
    // What one browser said must not end the calls of the others.
    process.stderr.write(`sfu: ${(message as ToChild).type}: ${String(error)}\n`);
  }
});
setInterval(() => {
  const nowMs = now();
  for (const room of rooms.values()) room.tick(nowMs);
}, TICK_MS);
setInterval(() => {
  const nowMs = now();
  for (const room of rooms.values()) room.report(nowMs, wallMs());
}, REPORT_MS);

async function end(): Promise<void> {
  await Promise.allSettled([...rooms.values()].map((room) => room.close()));
  nodeDataChannel.cleanup();
  process.exit(0);
}
process.once("disconnect", () => void end());
process.once("SIGTERM", () => void end());
// A terminal sends it to the whole group; the parent decides when its children end.
process.on("SIGINT", () => undefined);
