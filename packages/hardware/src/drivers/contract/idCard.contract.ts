import { persons, photoOf } from "@gridhall/simulators/idReader/persons.ts";
import { beforeEach, describe, expect, test } from "vitest";
import { benchFor, codeOf } from "./bench.ts";

/** What every ID reader's driver must do, whatever dialect its device speaks. */
export const idCardContract = (name: string, dialect: "sdt" | "hx"): void => {
  describe(`ID reader ${name}`, () => {
    const bench = benchFor("idCard", "idReader", {
      driver: name,
      options: { answerTimeoutMs: 150, readTimeoutMs: 300, pollMs: 30, heartbeatMs: 100 },
      simulator: { idReader: { dialect } },
    });
    const { sim, driver, signal, fault } = bench;
    const lay = (person: string) => sim().post("/lay-id-card", { person });
    const readNow = async () => {
      await driver().awaitCard(signal());
      return driver().read(signal());
    };
    beforeEach(async () => {
      await sim().post("/remove-id-card");
    });

    test.each(Object.keys(persons))("[T3] [T4] reads every field of the card of %s as it is stored", async (person) => {
      await lay(person);
      const { sexCode, ...fields } = persons[person] ?? expect.unreachable();
      const card = await readNow();
      expect(card).toMatchObject(fields);
      expect(card.sex).toBe(sexCode === "1" ? "male" : "female");
      expect(Buffer.from(card.photoWlt).equals(photoOf({ sexCode, ...fields }))).toBe(true);
    });

    test("[T4] waits until a card is laid down, and until it is taken away", async () => {
      const laid = driver().awaitCard(signal());
      await lay("li");
      await laid;
      const removed = driver().awaitRemoval(signal());
      await sim().post("/remove-id-card");
      await removed;
      expect(await driver().reset(signal())).toEqual({ mediaInside: false });
    });

    test("[T4] waiting ends when its signal aborts", async () => {
      const abort = new AbortController();
      const waiting = codeOf(driver().awaitCard(abort.signal));
      abort.abort();
      expect(await waiting).toBe("cancelled");
      expect(await codeOf(driver().read(abort.signal))).toBe("cancelled");
    });

    test("[T4] reading without a card says that there is none", async () => {
      expect(await codeOf(driver().read(signal()))).toBe("no-media");
    });

    test.each(["half-frame", "bad-checksum", "silence"] as const)(
      "[T4] reads the right card although an answer suffers %s",
      async (type) => {
        await lay("aisin");
        await driver().awaitCard(signal());
        await fault("read.answer", { type });
        expect((await driver().read(signal())).idNumber).toBe(persons["aisin"]?.idNumber);
        expect(await sim().get("/steps")).toHaveProperty(["idReader:read.answer"]);
      },
    );

    test("[T4] reads a card that moved once, and gives up one that never answers", async () => {
      await lay("wang");
      await driver().awaitCard(signal());
      await fault("read.card", { type: "misread" });
      expect((await driver().read(signal())).name).toBe(persons["wang"]?.name);
      await fault("read.card", { type: "misread" }, { always: true });
      expect(await codeOf(driver().read(signal()))).toBe("media-error");
    });

    test("[T4] a card taken away between selecting and reading is no card", async () => {
      await lay("wang");
      await driver().awaitCard(signal());
      await sim().post("/remove-id-card");
      expect(await codeOf(driver().read(signal()))).toBe("no-media");
    });

    test("[T4] reports offline when unplugged, and comes back by itself when plugged in", async () => {
      await lay("li");
      await sim().post("/unplug", { device: "idReader" });
      await bench.untilState("offline");
      expect(await codeOf(driver().read(signal()))).toBe("offline");
      await sim().post("/plug", { device: "idReader" });
      await bench.online();
      expect((await readNow()).idNumber).toBe(persons["li"]?.idNumber);
    });

    test("[T4] an unplug in mid-answer that lasts a moment is survived", async () => {
      await lay("li");
      await driver().awaitCard(signal());
      await fault("read.answer", { type: "unplug", replugAfterMs: 20 });
      expect((await driver().read(signal())).idNumber).toBe(persons["li"]?.idNumber);
    });

    test("[T4] a device that answers nothing is offline until it answers again", async () => {
      for (const step of ["status", "find", "hello"])
        await fault(`${step}.answer`, { type: "silence" }, { always: true });
      await bench.untilState("offline");
      expect(await codeOf(driver().selfTest(signal()))).toBe("timeout");
      await bench.clearFaults();
      await bench.online();
    });

    test("[T4] survives kill -9 of the device: the card still lies there", async () => {
      await lay("wang");
      await sim().kill();
      await bench.untilState("offline");
      await sim().restart();
      await bench.online();
      expect((await readNow()).idNumber).toBe(persons["wang"]?.idNumber);
    });
  });
};
