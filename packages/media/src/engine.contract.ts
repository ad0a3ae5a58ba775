import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RoomId, TrackKind } from "@gridhall/domain/media/schema.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MediaEngine, MediaEvent, Room, RoomOptions } from "./engine.ts";
import { MANIFEST, type RecordingManifest } from "./recording/manifest.ts";
import { checksum } from "./recording/recover.ts";
import { decode } from "./testing/decode.ts";
import { openPeers, type Peer, type Peers } from "./testing/peers.ts";
import { startTurn, waitFor } from "./testing/programs.ts";
import { turnServer } from "./turn.ts";

export interface EngineUnderTest extends AsyncDisposable {
  readonly engine: MediaEngine;
  /** Stops whatever carries the packets, as a cut cable would, and lets it go on. */
  freeze(room: Room): void;
  thaw(room: Room): void;
  /** kill -9 of the media server behind the room; whoever supervises it brings it back. */
  kill(room: Room): Promise<void>;
}

export interface Stage {
  readonly engine: () => EngineUnderTest;
  readonly peers: () => Peers;
  readonly events: MediaEvent[];
  openRoom(options?: Omit<RoomOptions, "roomId">): Promise<Room>;
}

const LOUD_DB = -60;

/** Sees moving pictures of nobody but their publisher. */
export async function sees(viewer: Peer, of: Peer, kind: TrackKind = "camera", sinceMs = 0, frames = 8): Promise<void> {
  await waitFor(`${viewer.id} sees ${of.id}/${kind}`, async () => {
    const seen = await viewer.seen(of, kind, sinceMs);
    if (seen.painters.some((painter) => painter !== of.painter)) throw new Error("somebody else's picture");
    return seen.frames >= frames;
  });
}

export async function hears(listener: Peer, of: Peer): Promise<void> {
  await waitFor(`${listener.id} hears ${of.id}`, async () => (await listener.hears(of)) > LOUD_DB);
}

/** For long enough that it would have been heard. A lost packet crackles at every pitch for a moment; a tone stays. */
async function hearsNothingOf(listener: Peer, of: Peer, lookMs = 800): Promise<void> {
  const levels: number[] = [];
  for (const endMs = performance.now() + lookMs; performance.now() < endMs || levels.length < 5;)
    levels.push(await listener.hearsAnywhere(of));
  levels.sort((a, b) => a - b);
  expect(levels[Math.floor(levels.length / 2)], `${listener.id} hears ${of.id}`).toBeLessThan(LOUD_DB);
}

async function receivesNothingOf(viewer: Peer, of: Peer): Promise<void> {
  await waitFor(`${viewer.id} receives nothing of ${of.id}`, async () =>
    (await viewer.state()).tracks.every((track) => !track.trackId.startsWith(`${of.id}/`)),
  );
}

async function tracksOf(viewer: Peer): Promise<string[]> {
  return (await viewer.state()).tracks.map((track) => `${track.role} ${track.trackId}`).sort();
}

export async function manifestOf(dir: string): Promise<RecordingManifest> {
  return JSON.parse(await readFile(join(dir, MANIFEST), "utf8")) as RecordingManifest;
}

export async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), "gridhall-recording-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** What every media engine must do, shown with real browsers. `more` adds what only one engine can. */
export function engineContract(
  name: string,
  start: () => Promise<EngineUnderTest>,
  more: (stage: Stage) => void = () => undefined,
): void {
  describe(name, () => {
    let under: EngineUnderTest;
    let peers: Peers;
    let rooms = 0;
    const events: MediaEvent[] = [];
    const stage: Stage = {
      engine: () => under,
      peers: () => peers,
      events,
      openRoom(options = {}) {
        rooms += 1;
        return under.engine.openRoom({ roomId: `room-${rooms}` as RoomId, ...options });
      },
    };
    const happened = (room: Room, type: MediaEvent["type"], who?: Peer) =>
      events.some(
        (event) =>
          event.type === type &&
          event.roomId === room.roomId &&
          (!who || !("participantId" in event) || event.participantId === who.id),
      );

    beforeAll(async () => {
      [under, peers] = await Promise.all([start(), openPeers()]);
      under.engine.on((event) => events.push(event));
    });
    afterAll(async () => {
      await peers?.[Symbol.asyncDispose]();
      await under?.[Symbol.asyncDispose]();
    });

    async function call(room: Room): Promise<{ customer: Peer; agent: Peer }> {
      const customer = await peers.join(room, { name: "customer", role: "customer" });
      const agent = await peers.join(room, { name: "agent", role: "agent" });
      await Promise.all([sees(customer, agent), sees(agent, customer)]);
      return { customer, agent };
    }

    test("[R1] customer and agent see and hear each other", async () => {
      await using room = await stage.openRoom();
      const { customer, agent } = await call(room);
      await Promise.all([hears(customer, agent), hears(agent, customer)]);
      expect(await tracksOf(customer)).toEqual(["agent agent/camera", "agent agent/microphone"]);
      expect(await tracksOf(agent)).toEqual(["customer customer/camera", "customer customer/microphone"]);
      expect(happened(room, "participant-connected", customer)).toBe(true);
      expect(happened(room, "participant-connected", agent)).toBe(true);
      expect(events).toContainEqual(
        expect.objectContaining({ type: "track-started", roomId: room.roomId, trackId: "agent/camera" }),
      );
    });

    test("[R1] quality is measured at the browser and known to the room", async () => {
      await using room = await stage.openRoom();
      const { agent } = await call(room);
      await waitFor("a report that counts frames", () => {
        const quality = room.participants().find((one) => one.participantId === agent.id)?.quality;
        const camera = quality?.received.find((one) => one.trackId === "customer/camera");
        return quality?.rttMs !== null && (camera?.framesPerSecond ?? 0) > 5 && (camera?.kbps ?? 0) > 10;
      });
    });

    test("[R2] the customer's screen arrives as a screen, beside the camera, and goes again", async () => {
      await using room = await stage.openRoom();
      const { customer, agent } = await call(room);
      await customer.publish("screen", true);
      await sees(agent, customer, "screen");
      expect(await tracksOf(agent)).toEqual([
        "customer customer/camera",
        "customer customer/microphone",
        "customer customer/screen",
      ]);
      await customer.publish("screen", false);
      await waitFor("the screen is gone", async () => !(await tracksOf(agent)).includes("customer customer/screen"));
      await sees(agent, customer, "camera", await peers.now());
    });

    test("[R6] a supervisor listens to both and nobody notices", async () => {
      await using room = await stage.openRoom();
      const { customer, agent } = await call(room);
      const supervisor = await peers.join(room, { name: "supervisor", role: "supervisor" });
      await Promise.all([sees(supervisor, customer), sees(supervisor, agent)]);
      await Promise.all([hears(supervisor, customer), hears(supervisor, agent)]);
      for (const other of [customer, agent]) {
        await hearsNothingOf(other, supervisor, 300);
        expect((await tracksOf(other)).some((track) => track.startsWith("supervisor"))).toBe(false);
      }
    });

    test("[R6] a whisper reaches the agent's ears and not the customer's; take-over shows the supervisor to both", async () => {
      await using room = await stage.openRoom();
      const { customer, agent } = await call(room);
      const supervisor = await peers.join(room, { name: "supervisor", role: "supervisor" });
      expect(room.setMode(supervisor.id, "whisper")).toBe(true);
      await hears(agent, supervisor);
      await hearsNothingOf(customer, supervisor);
      expect((await supervisor.state()).modes).toEqual(["whisper"]);
      expect(await tracksOf(agent)).toEqual([
        "customer customer/camera",
        "customer customer/microphone",
        "supervisor supervisor/microphone",
      ]);
      room.setMode(supervisor.id, "joined");
      await Promise.all([sees(customer, supervisor), sees(agent, supervisor), hears(customer, supervisor)]);
      room.setMode(supervisor.id, "listen");
      await Promise.all([receivesNothingOf(customer, supervisor), receivesNothingOf(agent, supervisor)]);
      await hearsNothingOf(customer, supervisor, 300);
      expect(room.setMode(supervisor.id, "held")).toBe(false);
    });

    test("[R1] on hold neither side sees or hears the other, afterwards both do again", async () => {
      await using room = await stage.openRoom();
      const { customer, agent } = await call(room);
      room.setMode(customer.id, "held");
      await Promise.all([receivesNothingOf(customer, agent), receivesNothingOf(agent, customer)]);
      await Promise.all([hearsNothingOf(customer, agent), hearsNothingOf(agent, customer)]);
      room.setMode(customer.id, "talking");
      const sinceMs = await peers.now();
      await Promise.all([sees(customer, agent, "camera", sinceMs), sees(agent, customer, "camera", sinceMs)]);
      await Promise.all([hears(customer, agent), hears(agent, customer)]);
    });

    test("[R1] somebody leaves and another comes; the others' pictures go on and are never swapped", async () => {
      await using room = await stage.openRoom();
      const { customer, agent } = await call(room);
      await agent.leave();
      await receivesNothingOf(customer, agent);
      expect(happened(room, "participant-left", agent)).toBe(true);
      const second = await peers.join(room, { name: "second", role: "agent" });
      const third = await peers.join(room, { name: "third", role: "agent" });
      await Promise.all([sees(customer, second), sees(customer, third), sees(second, third), sees(third, customer)]);
      await Promise.all([hears(customer, second), hears(customer, third)]);
    });

    test("[R1] who comes back over a new signalling connection replaces themselves", async () => {
      await using room = await stage.openRoom();
      const { customer, agent } = await call(room);
      agent.cutSignalling();
      agent.rejoin();
      const sinceMs = await peers.now();
      await Promise.all([
        sees(agent, customer, "camera", sinceMs + 100),
        sees(customer, agent, "camera", sinceMs + 100, 15),
      ]);
      expect(room.participants().map((one) => one.participantId)).toEqual(["customer", "agent"]);
      expect(await tracksOf(customer)).toEqual(["agent agent/camera", "agent agent/microphone"]);
    });

    test("[R1] a browser that is gone without a word is noticed by its silence", async () => {
      await using room = await stage.openRoom();
      const { customer } = await call(room);
      await customer.vanish();
      await waitFor("silence is told", () => happened(room, "participant-silent", customer));
    });

    test("[R1] after a network cut of 3 s pictures go on by themselves", async () => {
      await using room = await stage.openRoom();
      const { customer, agent } = await call(room);
      under.freeze(room);
      await new Promise((done) => setTimeout(done, 3_000));
      under.thaw(room);
      const sinceMs = await peers.now();
      // Painted after the cut: what waited in a buffer proves nothing.
      await Promise.all([sees(customer, agent, "camera", sinceMs), sees(agent, customer, "camera", sinceMs)]);
    });

    test("[R1] a killed media server comes back and browsers rebuild by themselves, roles as before", async () => {
      await using room = await stage.openRoom();
      const { customer, agent } = await call(room);
      await under.kill(room);
      await waitFor("the room is served again", () => happened(room, "room-restarted"));
      const sinceMs = await peers.now();
      await Promise.all([sees(customer, agent, "camera", sinceMs), sees(agent, customer, "camera", sinceMs)]);
      await Promise.all([hears(customer, agent), hears(agent, customer)]);
      expect(await tracksOf(customer)).toEqual(["agent agent/camera", "agent agent/microphone"]);
      expect((await under.engine.health()).ok).toBe(true);
    });

    test("[R1] a browser that may use relays only talks through coturn with a short-lived credential", async () => {
      await using turn = await startTurn();
      const { url: relay, secret } = turn;
      await using room = await stage.openRoom({
        iceServers: () => [turnServer({ urls: [relay], secret, ttlMs: 60_000 }, "customer", Date.now())],
      });
      const customer = await peers.join(room, { name: "customer", role: "customer", relayOnly: true });
      const agent = await peers.join(room, { name: "agent", role: "agent" });
      await Promise.all([sees(customer, agent), sees(agent, customer)]);
      expect(turn.log()).toMatch(/ALLOCATE processed, success/);
    });

    test("[R6] a recording decodes to its end, holds who may be on it, and its checksums are right", async () => {
      await using folder = await temporaryFolder();
      await using room = await stage.openRoom();
      const { customer, agent } = await call(room);
      const supervisor = await peers.join(room, { name: "supervisor", role: "supervisor" });
      await customer.publish("screen", true);
      await sees(agent, customer, "screen");
      const recording = await room.record({ dir: folder.path });
      await expect(room.record({ dir: folder.path })).rejects.toMatchObject({ code: "recording.exists" });
      room.setMode(supervisor.id, "whisper");
      await waitFor("three chunks of each", () => {
        const chunks = events.filter((event) => event.type === "recording-chunk" && event.dir === folder.path);
        return ["customer.call", "customer.screen", "agent.call"].every(
          (file) => chunks.filter((event) => "file" in event && event.file.startsWith(file)).length >= 3,
        );
      });
      await recording.stop();
      const manifest = await manifestOf(folder.path);
      expect(
        manifest.files.map((file) => `${file.role} ${file.file} ${file.kinds.join("+")} ${file.state}`).sort(),
      ).toEqual([
        "agent agent.call.0.webm camera+microphone final",
        "customer customer.call.0.webm camera+microphone final",
        "customer customer.screen.0.webm screen final",
      ]);
      for (const file of manifest.files) {
        const path = join(folder.path, file.file);
        expect(await checksum(path)).toBe(file.sha256);
        const video = await decode(path, "v:0");
        expect(video.errors).toBe("");
        expect(video.frames).toBeGreaterThan((file.durationMs / 1000) * 5);
        if (!file.kinds.includes("microphone")) continue;
        const sound = await decode(path, "a:0");
        expect(sound.errors).toBe("");
        // Opus comes in packets of 20 ms.
        expect(sound.frames).toBeGreaterThan(file.durationMs / 25);
        expect(file.durationMs).toBeGreaterThan(1_500);
      }
    });

    more(stage);
  });
}
