import { pictureSize } from "@gridhall/simulators/camera/picture.ts";
import { describe, expect, test } from "vitest";
import { benchFor, codeOf } from "./bench.ts";

/** What every camera's driver must do. */
export const cameraContract = (name: string): void => {
  describe(`camera ${name}`, () => {
    const bench = benchFor("camera", "camera", { driver: name, options: { answerTimeoutMs: 400, heartbeatMs: 100 } });
    const { sim, driver, signal, fault } = bench;

    test.each(["person", "document"] as const)("[T4] takes a picture of the %s of this moment", async (position) => {
      const first = await driver().takePicture(position, signal());
      const second = await driver().takePicture(position, signal());
      expect(pictureSize(first)).toMatchObject({ width: 320, height: 240 });
      expect(Buffer.from(first).equals(Buffer.from(second))).toBe(false);
    });

    test.each(["half-frame", "silence"] as const)("[T4] takes it again when the picture suffers %s", async (type) => {
      await fault("still.answer", { type });
      expect(pictureSize(await driver().takePicture("person", signal())).width).toBe(320);
    });

    test("[T4] a camera that only ever sends halves has no picture; a cancelled one neither", async () => {
      await fault("still.answer", { type: "half-frame" }, { always: true });
      expect(await codeOf(driver().takePicture("person", signal()))).toBe("media-error");
      expect(await codeOf(driver().takePicture("person", AbortSignal.abort()))).toBe("cancelled");
    });

    test("[T4] unplugged it is offline; after kill -9 it is back on the same port", async () => {
      await sim().post("/unplug", { device: "camera" });
      await bench.untilState("offline");
      expect(await codeOf(driver().takePicture("person", signal()))).toBe("offline");
      await sim().post("/plug", { device: "camera" });
      await bench.online();
      await sim().kill();
      await bench.untilState("offline");
      await sim().restart();
      await bench.online();
      expect((await driver().takePicture("document", signal())).length).toBeGreaterThan(1_000);
    });
  });
};
