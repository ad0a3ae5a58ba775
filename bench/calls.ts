import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ParticipantId, RoomId } from "../packages/domain/src/media/schema.ts";
import type { MediaEngine, Participant, Room } from "../packages/media/src/engine.ts";
import { startJanus } from "../packages/media/src/janus/engine.ts";
import { startSfu } from "../packages/media/src/sfu/engine.ts";
import type { FromGenerator, ToGenerator } from "../packages/media/src/testing/generator.ts";
import { startJanusServer } from "../packages/media/src/testing/janusServer.ts";
import { openPeers, type Peers } from "../packages/media/src/testing/peers.ts";
import { waitFor } from "../packages/media/src/testing/programs.ts";
import { type Figure, figure, quantile } from "./figure.ts";

/** Calls at once while the processor is measured, each with camera and microphone both ways (125 packets a second each). */
const CALLS = 8;
const ROUNDS = 3;
const ROUND_MS = 6_000;
const JOINS = 4;
const LOOK_MS = 4_000;
const GLASS_LIMIT_MS = 150;
/** `getconf CLK_TCK`: what /proc counts in. */
const TICK_MICROS = 10_000;

interface Server {
  readonly name: string;
  readonly engine: MediaEngine;
  pid(room: Room): number;
}

/**
 * Embedded SFU and Janus in the same run with the same clients. Processor time is that of the media server's process alone,
 * from /proc, over the packets that arrived at the receivers; pictures are painted and read back in Chromium.
 */
export async function run(): Promise<Figure[]> {
  await using janusServer = await startJanusServer();
  await using janusEngine = await startJanus({ urls: [janusServer.url], recordHost: "127.0.0.1" });
  await using sfuEngine = await startSfu({ children: 1, firstPort: 0, bindAddress: "127.0.0.1" });
  const sfu: Server = { name: "sfu", engine: sfuEngine, pid: (room) => sfuEngine.childPid(room.roomId) ?? 0 };
  const janus: Server = { name: "janus", engine: janusEngine, pid: () => janusServer.pid() };

  const cost = { sfu: [] as Cost[], janus: [] as Cost[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    cost.sfu.push(await measureCost(sfu, round));
    cost.janus.push(await measureCost(janus, round));
  }
  const median = (costs: readonly Cost[], pick: (one: Cost) => number) => quantile(costs.map(pick), 0.5);
  const perPacket = (one: Cost) => one.microsPerPacket;
  const perCore = (one: Cost) => one.callsPerCore;

  await using peers = await openPeers();
  const seen = { sfu: { joinMs: [], delaysMs: [] } as Pictures, janus: { joinMs: [], delaysMs: [] } as Pictures };
  // The first of all warms the page up and does not count.
  await measurePictures(sfu, peers, { joinMs: [], delaysMs: [] });
  for (let round = 0; round < ROUNDS; round += 1) {
    await measurePictures(sfu, peers, seen.sfu);
    await measurePictures(janus, peers, seen.janus);
  }
  return [
    figure(
      "calls",
      "processor time a forwarded packet",
      median(cost.sfu, perPacket),
      "µs",
      "Janus",
      median(cost.janus, perPacket),
    ),
    figure("calls", "calls a core", median(cost.sfu, perCore), "calls", "Janus", median(cost.janus, perCore)),
    figure(
      "calls",
      "packets that arrived",
      median(cost.sfu, (one) => one.arrivedShare),
      "share",
      "Janus",
      median(cost.janus, (one) => one.arrivedShare),
    ),
    figure(
      "calls",
      "join to first picture p50",
      quantile(seen.sfu.joinMs, 0.5),
      "ms",
      "Janus",
      quantile(seen.janus.joinMs, 0.5),
    ),
    figure(
      "calls",
      "join to first picture p95",
      quantile(seen.sfu.joinMs, 0.95),
      "ms",
      "Janus",
      quantile(seen.janus.joinMs, 0.95),
    ),
    figure(
      "calls",
      "glass to glass p50",
      quantile(seen.sfu.delaysMs, 0.5),
      "ms",
      "Janus",
      quantile(seen.janus.delaysMs, 0.5),
    ),
    figure(
      "calls",
      "glass to glass p95",
      quantile(seen.sfu.delaysMs, 0.95),
      "ms",
      "Janus",
      quantile(seen.janus.delaysMs, 0.95),
    ),
    figure("calls", "glass to glass p95", quantile(seen.sfu.delaysMs, 0.95), "ms", "limit of ours", GLASS_LIMIT_MS),
  ];
}

interface Cost {
  readonly microsPerPacket: number;
  readonly callsPerCore: number;
  readonly arrivedShare: number;
}

async function measureCost(server: Server, round: number): Promise<Cost> {
  const generator = fork(join(import.meta.dirname, "../packages/media/src/testing/generator.ts"), [], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const send = (message: ToGenerator) => generator.send(message, () => undefined);
  const participants = new Map<string, Participant>();
  generator.on("message", (raw) => {
    const message = raw as FromGenerator;
    if (message.type === "signal") participants.get(message.peer)?.receive(message.message);
  });
  const count = async () => {
    const answer = new Promise<Extract<FromGenerator, { type: "count" }>>((done) => {
      const look = (raw: unknown) => {
        const message = raw as FromGenerator;
        if (message.type !== "count") return;
        generator.off("message", look);
        done(message);
      };
      generator.on("message", look);
    });
    send({ type: "count" });
    return answer;
  };
  const rooms: Room[] = [];
  try {
    for (let call = 0; call < CALLS; call += 1) {
      const room = await server.engine.openRoom({ roomId: `${server.name}-${round}-${call}` as RoomId });
      rooms.push(room);
      for (const role of ["customer", "agent"] as const) {
        const peer = `${call}-${role}`;
        const participant = room.join({
          participantId: peer as ParticipantId,
          role,
          mode: "talking",
          send: (message) => send({ type: "deliver", peer, message }),
        });
        participants.set(peer, participant);
      }
    }
    const [first] = rooms;
    if (!first) throw new Error("no room");
    const pid = server.pid(first);
    // Everybody receives about as much as everybody sends.
    let before = await count();
    await waitFor(
      `${server.name} forwards all calls`,
      async () => {
        const now = await count();
        const all = now.sent - before.sent > 50 && now.received - before.received > 0.9 * (now.sent - before.sent);
        before = now;
        await new Promise((done) => setTimeout(done, 500));
        return all;
      },
      30_000,
    );
    const from = await count();
    const fromTicks = ticks(pid);
    const startMs = performance.now();
    await new Promise((done) => setTimeout(done, ROUND_MS));
    const to = await count();
    const micros = (ticks(pid) - fromTicks) * TICK_MICROS;
    const seconds = (performance.now() - startMs) / 1000;
    const packets = to.received - from.received;
    return {
      microsPerPacket: micros / packets,
      callsPerCore: (CALLS * 1_000_000) / (micros / seconds),
      arrivedShare: packets / (to.sent - from.sent),
    };
  } finally {
    for (const room of rooms) await room.close();
    send({ type: "stop" });
    if (generator.exitCode === null) await once(generator, "exit");
  }
}

/** User and system time of all threads of a process. */
function ticks(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

interface Pictures {
  readonly joinMs: number[];
  readonly delaysMs: number[];
}

async function measurePictures(server: Server, peers: Peers, into: Pictures): Promise<void> {
  const room = await server.engine.openRoom({ roomId: `${server.name}-pictures` as RoomId });
  try {
    const customer = await peers.join(room, { name: "customer", role: "customer", size: { width: 640, height: 480 } });
    for (let round = 0; round < JOINS; round += 1) {
      const startMs = await peers.now();
      const agent = await peers.join(room, { name: `agent-${round}`, role: "agent" });
      await waitFor("a first picture", async () => (await agent.seen(customer, "camera")).frames > 0);
      into.joinMs.push((await agent.seen(customer, "camera")).firstMs - startMs);
      await agent.leave();
    }
    const agent = await peers.join(room, { name: "agent", role: "agent" });
    await waitFor("pictures", async () => (await agent.seen(customer, "camera")).frames > 25);
    const sinceMs = await peers.now();
    await new Promise((done) => setTimeout(done, LOOK_MS));
    into.delaysMs.push(...(await agent.seen(customer, "camera", sinceMs)).delaysMs);
  } finally {
    await room.close();
  }
}
