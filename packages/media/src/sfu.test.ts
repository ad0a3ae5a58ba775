import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { engineContract, hears, manifestOf, sees, type Stage, temporaryFolder } from "./engine.contract.ts";
import { checksum, recoverRecording } from "./recording/recover.ts";
import { type SfuEngine, startSfu } from "./sfu/engine.ts";
import { decode } from "./testing/decode.ts";
import { waitFor } from "./testing/programs.ts";

let engine: SfuEngine;

engineContract(
  "embedded SFU",
  async () => {
    engine = await startSfu({ children: 2, firstPort: 0, bindAddress: "127.0.0.1" });
    const signal = (pid: number | undefined, name: NodeJS.Signals) => {
      if (pid === undefined) throw new Error("no process serves the room");
      process.kill(pid, name);
    };
    return {
      engine,
      freeze: (room) => signal(engine.childPid(room.roomId), "SIGSTOP"),
      thaw: (room) => signal(engine.childPid(room.roomId), "SIGCONT"),
      kill: async (room) => signal(engine.childPid(room.roomId), "SIGKILL"),
      [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
    };
  },
  (stage: Stage) => {
    test("[R6] kill -9 of the process that records leaves what was durable playable, and the recording goes on", async () => {
      await using folder = await temporaryFolder();
      await using room = await stage.openRoom();
      const customer = await stage.peers().join(room, { name: "customer", role: "customer" });
      const agent = await stage.peers().join(room, { name: "agent", role: "agent" });
      await Promise.all([sees(customer, agent), sees(agent, customer)]);
      const recording = await room.record({ dir: folder.path });
      const chunks = (file: string) =>
        stage.events.flatMap((event) =>
          event.type === "recording-chunk" && event.dir === folder.path && event.file === file ? [event] : [],
        );
      await waitFor("three chunks", () => chunks("customer.call.0.webm").length >= 3);
      const durable = chunks("customer.call.0.webm").at(-1);
      await stage.engine().kill(room);
      await waitFor("the next part grows", () => chunks("customer.call.1.webm").length >= 2);
      await recording.stop();
      const manifest = await manifestOf(folder.path);
      const [torn, next] = manifest.files.filter((file) => file.participantId === "customer");
      expect(torn).toMatchObject({ file: "customer.call.0.webm", state: "recovered" });
      expect(next).toMatchObject({ file: "customer.call.1.webm", state: "final" });
      expect(torn?.durationMs).toBeGreaterThanOrEqual(durable?.durationMs ?? Number.POSITIVE_INFINITY);
      expect(next?.startMs).toBeGreaterThan((torn?.startMs ?? 0) + (torn?.durationMs ?? 0));
      for (const file of manifest.files) {
        const path = join(folder.path, file.file);
        expect(await checksum(path)).toBe(file.sha256);
        const video = await decode(path, "v:0");
        expect(video.errors).toBe("");
        expect(video.frames).toBeGreaterThan(10);
      }
      expect((await readdir(folder.path)).filter((name) => !name.endsWith(".webm"))).toEqual(["recording.json"]);
      expect(await recoverRecording(folder.path)).toEqual(manifest);
    });

    test("[R6] a recording that is stopped while its process is dead is made whole all the same", async () => {
      await using folder = await temporaryFolder();
      await using room = await stage.openRoom();
      const customer = await stage.peers().join(room, { name: "customer", role: "customer" });
      const agent = await stage.peers().join(room, { name: "agent", role: "agent" });
      await sees(agent, customer);
      const recording = await room.record({ dir: folder.path, kinds: ["camera"] });
      await waitFor("a chunk", () =>
        stage.events.some((event) => event.type === "recording-chunk" && event.dir === folder.path),
      );
      await stage.engine().kill(room);
      await recording.stop();
      const { files, endedAtMs } = await manifestOf(folder.path);
      expect(endedAtMs).not.toBeNull();
      expect(files.map((file) => [file.kinds, file.state])).toContainEqual([["camera"], "recovered"]);
      for (const file of files) expect(await checksum(join(folder.path, file.file))).toBe(file.sha256);
    });

    test.each([0.03, 0.1])("[R1] with %d of all packets lost both ways pictures and sound go on", async (share) => {
      await using room = await stage.openRoom();
      const customer = await stage.peers().join(room, { name: "customer", role: "customer" });
      const agent = await stage.peers().join(room, { name: "agent", role: "agent" });
      await Promise.all([sees(customer, agent), sees(agent, customer)]);
      engine.injectLoss(share, share);
      try {
        await new Promise((done) => setTimeout(done, 1_000));
        const sinceMs = await stage.peers().now();
        await Promise.all([
          sees(customer, agent, "camera", sinceMs, 40),
          sees(agent, customer, "camera", sinceMs, 40),
          hears(agent, customer),
        ]);
        const cameras = (await room.stats()).tracks.filter((track) => track.trackId.endsWith("/camera"));
        const sum = (pick: (track: (typeof cameras)[number]) => number) =>
          cameras.reduce((total, track) => total + pick(track), 0);
        expect(sum((track) => track.nacksSent)).toBeGreaterThan(0);
        expect(sum((track) => track.packetsRecovered)).toBeGreaterThan(0);
        expect(sum((track) => track.packetsResent)).toBeGreaterThan(0);
      } finally {
        engine.injectLoss(0, 0);
      }
    });

    test("[R1] rooms are spread over the processes", async () => {
      await using first = await stage.openRoom();
      await using second = await stage.openRoom();
      expect(engine.childPid(first.roomId)).not.toBe(engine.childPid(second.roomId));
    });
  },
);
