import { createDecipheriv } from "node:crypto";
import { sm4 } from "sm-crypto-v2";
import { beforeEach, describe, expect, test } from "vitest";
import { benchFor, codeOf, untilTrue } from "./bench.ts";

const keyHex = "0123456789ABCDEFFEDCBA9876543210";
const pan = "6222021234567890123";
const iv = Uint8Array.from({ length: 16 }, (_, n) => n);

const open = (cipher: "aes-128-ecb" | "des-ede-ecb", block: Uint8Array): Buffer => {
  const decipher = createDecipheriv(cipher, Buffer.from(keyHex, "hex"), null).setAutoPadding(false);
  return Buffer.concat([decipher.update(block), decipher.final()]);
};
const xor = (a: Uint8Array, b: Uint8Array): Buffer => Buffer.from(a.map((byte, n) => byte ^ (b[n] ?? 0)));
const openSm4 = (block: Uint8Array): Buffer =>
  Buffer.from(sm4.decrypt(block, Buffer.from(keyHex, "hex"), { padding: "none", output: "array" }));

/** What every encrypting PIN pad's driver must do. The clear PIN of a block is recovered here with a key known to the test only. */
export const pinPadContract = (name: string): void => {
  describe(`PIN pad ${name}`, () => {
    const bench = benchFor("pinPad", "pinPad", {
      driver: name,
      options: { answerTimeoutMs: 150, pollMs: 60, entryPollMs: 20 },
      settle: (sim) => sim.post("/replace-pin-pad"),
    });
    const { sim, driver, signal, fault } = bench;
    const press = (...keys: string[]) => sim().post("/press", { keys }) as Promise<{ taken: number }>;
    const entering = () =>
      untilTrue(
        "pad waits for keys",
        async () =>
          (await sim().state("pinPad"))["entry"] !== null &&
          ((await sim().state("pinPad"))["entry"] as { state: string }).state === "running",
      );
    const loadKey = async (keyName: string, use: "pin" | "data" | "mac", algorithm: "sm4" | "aes" | "tdes") => {
      await driver().ensureMasterKey(signal());
      const { block } = (await sim().post("/seal-key", { use, algorithm, keyHex })) as { block: string };
      return driver().importKey(keyName, use, Buffer.from(block, "hex"), signal());
    };
    const enterPin = async (pin: string): Promise<void> => {
      const entry = driver().pinEntry(() => undefined, { minLen: 4, maxLen: 12 }, signal());
      await entering();
      await press(...pin.split(""), "enter");
      expect(await entry).toEqual({ digits: pin.length });
    };
    beforeEach(async () => {
      await sim().post("/replace-pin-pad");
      await untilTrue("new pad", async () => !(await driver().isTampered(signal())));
      await bench.online();
    });

    test("[T5] makes its master key once, inside, and tells only its check value", async () => {
      const { kcv } = await driver().ensureMasterKey(signal());
      expect(kcv).toMatch(/^[0-9A-F]{6}$/u);
      expect(await driver().ensureMasterKey(signal())).toEqual({ kcv });
      expect(await driver().keys(signal())).toEqual([{ name: "master", use: "master", kcv }]);
    });

    test("[T5] wraps the kiosk's data key under the master key and unwraps it again, also after power loss", async () => {
      await driver().ensureMasterKey(signal());
      const dataKey = await driver().random(32, signal());
      const wrapped = await driver().crypt("encrypt", "master", iv, dataKey, signal());
      expect(Buffer.from(wrapped).equals(Buffer.from(dataKey))).toBe(false);
      await sim().post("/power-off", { device: "pinPad" });
      await sim().post("/power-on", { device: "pinPad" });
      await bench.online();
      expect(await driver().crypt("decrypt", "master", iv, wrapped, signal())).toEqual(dataKey);
    });

    test("[T5] encrypts more than a frame holds as one CBC chain", async () => {
      await loadKey("bulk", "data", "sm4");
      const clear = Buffer.from(Array.from({ length: 9_600 }, (_, n) => n % 251));
      const closed = await driver().crypt("encrypt", "bulk", iv, clear, signal());
      const options = { mode: "cbc", iv, padding: "none", output: "array" } as const;
      expect(Buffer.from(sm4.decrypt(closed, Buffer.from(keyHex, "hex"), options)).equals(clear)).toBe(true);
      expect(Buffer.from(await driver().crypt("decrypt", "bulk", iv, closed, signal())).equals(clear)).toBe(true);
      expect(await codeOf(driver().crypt("encrypt", "bulk", iv, clear.subarray(1), signal()))).toBe("refused");
    });

    test("[T4] imports only authentic key blocks, for the use that they are made for", async () => {
      expect((await loadKey("pin1", "pin", "tdes")).kcv).toBe("08D7B4");
      const { block } = (await sim().post("/seal-key", { use: "mac", algorithm: "aes", keyHex })) as { block: string };
      const bytes = Buffer.from(block, "hex");
      expect(await codeOf(driver().importKey("x", "pin", bytes, signal()))).toBe("refused");
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      expect(await codeOf(driver().importKey("x", "mac", bytes, signal()))).toBe("refused");
      expect(await codeOf(driver().crypt("decrypt", "pin1", iv, new Uint8Array(16), signal()))).toBe("refused");
      await driver().deleteKey("pin1", signal());
      expect((await driver().keys(signal())).map((key) => key.name)).toEqual(["master"]);
    });

    test("[T4] makes an ISO 9564 format 0 block", async () => {
      await loadKey("pin0", "pin", "tdes");
      await enterPin("92389");
      const block = open("des-ede-ecb", await driver().pinBlock("iso0", "pin0", pan, signal()));
      const account = Buffer.from(`0000${pan.slice(-13, -1)}`, "hex");
      expect(xor(block, account).toString("hex")).toBe("0592389fffffffff");
      expect(await codeOf(driver().pinBlock("iso0", "pin0", pan, signal()))).toBe("refused");
    });

    test.each([
      ["iso4", "aes"],
      ["sm4", "sm4"],
    ] as const)("[T4] makes a %s block: sixteen bytes, random fill, the PIN inside", async (format, algorithm) => {
      await loadKey("pin4", "pin", algorithm);
      const decrypt = (block: Uint8Array) => (algorithm === "aes" ? open("aes-128-ecb", block) : openSm4(block));
      const account = Buffer.from(`7${pan}`.padEnd(32, "0"), "hex");
      const blocks: string[] = [];
      for (const round of [1, 2]) {
        await enterPin("314159");
        const block = await driver().pinBlock(format, "pin4", pan, signal());
        blocks.push(Buffer.from(block).toString("hex"));
        const field = decrypt(xor(decrypt(block), account)).toString("hex");
        expect([round, field.slice(0, 16)]).toEqual([round, "46314159aaaaaaaa"]);
      }
      expect(blocks[0]).not.toBe(blocks[1]);
    });

    test("[T4] reports each clear key as it is pressed, and what was entered", async () => {
      const keys: string[] = [];
      const entry = driver().dataEntry((key) => keys.push(key), 8, signal());
      await entering();
      await press("1", "2", "clear");
      await fault("entry-poll.answer", { type: "silence" });
      await press("8", "8", "enter");
      expect(await entry).toBe("88");
      expect(keys).toEqual(["1", "2", "clear", "8", "8", "enter"]);
    });

    test("[T4] tells only the number of PIN digits, and ends when the customer or the host cancels", async () => {
      const counts: number[] = [];
      const entry = codeOf(driver().pinEntry((count) => counts.push(count), { minLen: 4, maxLen: 6 }, signal()));
      await entering();
      expect(await press("1", "2", "enter")).toEqual({ taken: 2 });
      await untilTrue("two digits told", () => counts.at(-1) === 2);
      await press("cancel");
      expect(await entry).toBe("cancelled");
      const abort = new AbortController();
      const second = codeOf(driver().pinEntry(() => undefined, { minLen: 4, maxLen: 6 }, abort.signal));
      await entering();
      await press("1", "2", "3", "4");
      abort.abort();
      expect(await second).toBe("cancelled");
      expect((await sim().state("pinPad"))["entry"]).toMatchObject({ state: "none", digits: 0 });
    });

    test("[T5] tampered it zeroises its keys, says so, and gives nothing any more", async () => {
      await driver().ensureMasterKey(signal());
      const wrapped = await driver().crypt("encrypt", "master", iv, new Uint8Array(32), signal());
      let told = 0;
      const off = driver().onTamper(() => told++);
      await sim().post("/tamper");
      await bench.untilState("fraudAttempt");
      expect(told).toBe(1);
      off();
      expect(await codeOf(driver().crypt("decrypt", "master", iv, wrapped, signal()))).toBe("tampered");
      await sim().post("/replace-pin-pad");
      await bench.online();
      await driver().ensureMasterKey(signal());
      expect(
        Buffer.from(await driver().crypt("decrypt", "master", iv, wrapped, signal())).equals(Buffer.alloc(32)),
      ).toBe(false);
    });

    test("[T4] MAC under a MAC key (CMAC, NIST SP 800-38B)", async () => {
      await loadKey("mac1", "mac", "aes");
      const first = await driver().mac("mac1", Buffer.from("bill"), signal());
      expect(first).toHaveLength(16);
      expect(await driver().mac("mac1", Buffer.from("bill"), signal())).toEqual(first);
      expect(await driver().mac("mac1", Buffer.from("Bill"), signal())).not.toEqual(first);
    });

    test.each(["half-frame", "bad-checksum", "silence"] as const)(
      "[T4] asks again when an answer suffers %s",
      async (type) => {
        await fault("random.answer", { type });
        expect(await driver().random(24, signal())).toHaveLength(24);
      },
    );

    test("[T4] unplugged it is offline; kill -9 of the pad keeps its keys", async () => {
      const { kcv } = await driver().ensureMasterKey(signal());
      await sim().post("/unplug", { device: "pinPad" });
      await bench.untilState("offline");
      await sim().kill();
      await sim().restart();
      await bench.online();
      expect(await driver().ensureMasterKey(signal())).toEqual({ kcv });
    });
  });
};
