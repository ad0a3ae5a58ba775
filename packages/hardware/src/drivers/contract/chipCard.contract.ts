import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  startVirtualReader,
  type VirtualCard,
  type VirtualReader,
  virtualReaderAvailable,
} from "@gridhall/simulators/chipCard/virtualReader.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { silentLogger } from "../config.ts";
import type { ChipCardDriver } from "../contracts.ts";
import { createDriver } from "../registry.ts";
import { codeOf, untilTrue } from "./bench.ts";

const atr = Buffer.from("3B9F958131FE9F006646530310047113DF000000000001", "hex");
const readBinary = Uint8Array.from([0x00, 0xb0, 0x00, 0x00, 0x04]);

/** A card with one file of four bytes; READ BINARY and UPDATE BINARY, and it counts what it is asked. */
const createCard = (): VirtualCard & { asked: number; content: Uint8Array; pullOut: boolean } => {
  const card = {
    atr,
    asked: 0,
    content: Uint8Array.from([1, 2, 3, 4]),
    pullOut: false,
    transmit: (apdu: Uint8Array): Uint8Array | null => {
      card.asked++;
      if (apdu[1] === 0xd6) card.content = apdu.slice(5);
      if (card.pullOut) return null;
      return apdu[1] === 0xb0
        ? Buffer.concat([card.content, Buffer.from([0x90, 0x00])])
        : Uint8Array.from([0x90, 0x00]);
    },
  };
  return card;
};

/** What every chip card reader's driver must do; here through pcscd itself, with a virtual reader below it. */
export const chipCardContract = (name: string): void => {
  describe.skipIf(!virtualReaderAvailable())(`chip card reader ${name}`, () => {
    let dir = "";
    let reader: VirtualReader | null = null;
    let driver: ChipCardDriver | null = null;
    const theReader = (): VirtualReader => reader ?? expect.unreachable();
    const theDriver = (): ChipCardDriver => driver ?? expect.unreachable();
    const signal = () => AbortSignal.timeout(30_000);
    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), "gridhall-pcsc-"));
      reader = await startVirtualReader(dir);
      const transport = { type: "pcsc", reader: reader.reader, socket: reader.socket };
      driver = createDriver(
        "chipCard",
        { driver: name, transport, options: { pollMs: 30, heartbeatMs: 100 } },
        silentLogger,
      );
      await untilTrue("online", () => driver?.state() === "online");
    });
    beforeEach(async () => {
      theReader().remove();
      await theDriver().awaitRemoval(signal());
    });
    afterAll(async () => {
      await driver?.[Symbol.asyncDispose]();
      await reader?.[Symbol.asyncDispose]();
      rmSync(dir, { recursive: true, force: true });
    });

    test("[T4] waits for a card, talks with it, and waits until it is gone", async () => {
      const card = createCard();
      const waiting = theDriver().awaitCard(signal());
      await theReader().insert(card);
      expect(Buffer.from((await waiting).atr).equals(atr)).toBe(true);
      expect([...(await theDriver().transmit(readBinary, signal()))]).toEqual([1, 2, 3, 4, 0x90, 0x00]);
      const gone = theDriver().awaitRemoval(signal());
      theReader().remove();
      await gone;
      expect(await theDriver().reset(signal())).toEqual({ mediaInside: false });
    });

    test("[T4] waiting ends when its signal aborts", async () => {
      const abort = new AbortController();
      const waiting = codeOf(theDriver().awaitCard(abort.signal));
      abort.abort();
      expect(await waiting).toBe("cancelled");
    });

    test("[T4] [P3] a card pulled out while it is written: indeterminate, and the command is not repeated", async () => {
      const card = createCard();
      await theReader().insert(card);
      await theDriver().awaitCard(signal());
      card.asked = 0;
      card.pullOut = true;
      const update = Uint8Array.from([0x00, 0xd6, 0x00, 0x00, 0x04, 9, 9, 9, 9]);
      expect(await codeOf(theDriver().transmit(update, signal()))).toBe("indeterminate");
      expect(card.asked).toBe(1);
      card.pullOut = false;
      theReader().remove();
      await theDriver().awaitRemoval(signal());
      await theReader().insert(card);
      await theDriver().awaitCard(signal());
      expect([...(await theDriver().transmit(readBinary, signal()))]).toEqual([9, 9, 9, 9, 0x90, 0x00]);
    });

    test("[T4] an ejected card answers nothing until it has been powered again", async () => {
      await theReader().insert(createCard());
      await theDriver().awaitCard(signal());
      await theDriver().eject(signal());
      expect(await codeOf(theDriver().transmit(readBinary, signal()))).toMatch(/^(no-media|indeterminate)$/u);
    });
  });
};
