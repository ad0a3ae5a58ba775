import { isBytePipe, openTransport } from "../../transports/open.ts";
import type { DriverConfig, DriverLogger } from "../config.ts";
import { type AcceptorEvent, type CashDriver, DeviceError } from "../contracts.ts";
import { type ByteReader, concat, text, u32 } from "../hx/bytes.ts";
import { createHxLink, HxLinkOptions, statusError } from "../hx/link.ts";
import { createListeners } from "../line/listeners.ts";
import { createPresence } from "../line/presence.ts";
import {
  cashCommands,
  decodeCounts,
  decodeEscrow,
  decodePoll,
  decodeUnits,
  encodeAmounts,
  encodeCounts,
  newestOnly,
} from "./codec.ts";

const Options = HxLinkOptions.extend({
  /** Poll interval while the acceptor is open: how late a note is noticed. */
  acceptingPollMs: HxLinkOptions.shape.pollMs.default(100),
  moveTimeoutMs: HxLinkOptions.shape.answerTimeoutMs.default(4_000),
  /** Added to the time-out for each item to dispense. */
  itemTimeoutMs: HxLinkOptions.shape.answerTimeoutMs.default(500),
});

/**
 * Cash device over our serial protocol, see CASH.md. Value commands carry a transaction number, leave once and are
 * never repeated; a lost answer is `indeterminate` and settled by `counters`, `escrow` and `units`.
 */
export const createCashSerial = (config: DriverConfig, logger: DriverLogger): CashDriver => {
  const options = Options.parse(config.options);
  if (!isBytePipe(config.transport)) throw new Error(`transport.type: cash-serial needs serial or tcp`);
  const link = createHxLink({ name: "cash", address: 0x02, open: openTransport(config.transport), logger, options });
  const events = createListeners<AcceptorEvent>((error) =>
    logger.error({ err: error, device: "cash" }, "an event listener failed"),
  );
  let seen: number | null = null;
  let wanted: readonly number[] | null = null;
  let bootSeen: number | null = null;

  const ask = (
    what: keyof typeof cashCommands,
    signal: AbortSignal,
    data: Uint8Array = new Uint8Array(),
  ): Promise<ByteReader> => link.request({ what, command: cashCommands[what], data, signal });
  const readCounters = async (signal: AbortSignal) => {
    const reader = await ask("counters", signal);
    const stackedFen = reader.u64();
    const dispensedFen = reader.u64();
    const lastTransaction = reader.u32();
    return { stackedFen, dispensedFen, lastTransaction, lastStackedNoteId: reader.text() || null };
  };
  /** The number is asked of the device each time: another host, or we before a restart, may have used some. */
  const move = async (
    what: "stack" | "return" | "dispense" | "setUnits",
    data: Uint8Array,
    signal: AbortSignal,
    timeoutMs = options.moveTimeoutMs,
  ): Promise<ByteReader> => {
    const transaction = (await readCounters(signal)).lastTransaction + 1;
    logger.info({ device: "cash", what, transaction }, "value command sent");
    return link.request({
      what,
      command: cashCommands[what],
      data: concat(u32(transaction), data),
      effect: "value",
      timeoutMs,
      signal,
    });
  };
  const escrow = async (signal: AbortSignal) => decodeEscrow(await ask("escrow", signal));
  const escrowOrFail = async (signal: AbortSignal) => {
    const note = await escrow(signal);
    if (note === null) throw new DeviceError("no-media", "cash: no note lies in escrow");
    return note;
  };

  const presence = createPresence({
    name: "cash",
    line: link.line,
    logger,
    everyMs: () => (wanted === null ? options.pollMs : options.acceptingPollMs),
    beat: async (signal) => {
      const poll = decodePoll(await ask("poll", signal, u32(seen ?? newestOnly)));
      // A device whose numbers went back has lost its memory: what we knew of its units is void.
      const restarted = seen !== null && poll.last < seen;
      if (restarted || (bootSeen !== null && bootSeen !== link.boot())) events.emit({ type: "units-changed" });
      seen = poll.last;
      bootSeen = link.boot();
      for (const event of poll.events) events.emit(event);
      // The device closes its acceptor at power-up and when it misses its host; the service above still wants it open.
      if (wanted !== null && !poll.enabled && !poll.jammed) await ask("enable", signal, encodeAmounts(wanted));
      return poll.jammed ? "hardwareError" : "online";
    },
  });

  return {
    kind: "cash",
    get model() {
      return link.model();
    },
    state: presence.state,
    onState: presence.onState,
    onEvent: events.add,
    units: async (signal) => decodeUnits(await ask("units", signal)),
    escrow,
    enableAcceptor: async (denominationsFen, signal) => {
      await ask("enable", signal, encodeAmounts(denominationsFen));
      wanted = [...denominationsFen];
      presence.beatNow();
    },
    disableAcceptor: async (signal) => {
      wanted = null;
      await ask("disable", signal);
    },
    stackEscrow: async (signal) => {
      const note = await escrowOrFail(signal);
      const reader = await move("stack", text(note.noteId), signal);
      return { denominationFen: reader.u32(), noteId: reader.text() };
    },
    returnEscrow: async (signal) => {
      const note = await escrowOrFail(signal);
      await move("return", text(note.noteId), signal);
    },
    dispense: async (request, signal) => {
      const items = request.reduce((sum, { count }) => sum + count, 0);
      const timeoutMs = options.moveTimeoutMs + items * options.itemTimeoutMs;
      try {
        const reader = await move("dispense", encodeCounts(request), signal, timeoutMs);
        const fault = statusError("cash: dispense", reader.u8());
        return { dispensed: decodeCounts(reader), fault };
      } catch (error) {
        // Refused before the first item moved: that is an answer too.
        if (!(error instanceof DeviceError) || !["jam", "empty", "cover-open"].includes(error.code)) throw error;
        return { dispensed: request.map(({ unitId }) => ({ unitId, count: 0 })), fault: error };
      }
    },
    counters: async (signal) => {
      const { stackedFen, dispensedFen, lastStackedNoteId } = await readCounters(signal);
      return { stackedFen, dispensedFen, lastStackedNoteId };
    },
    setUnits: async (units, signal) => {
      await move("setUnits", encodeCounts(units), signal);
    },
    reset: async (signal) => {
      wanted = null;
      const reader = await ask("reset", signal);
      return { mediaInside: reader.u8() === 1 };
    },
    selfTest: async (signal) => {
      const poll = decodePoll(await ask("poll", signal, u32(newestOnly)));
      return { ok: !poll.jammed, detail: poll.jammed ? "jam" : link.model() };
    },
    [Symbol.asyncDispose]: async () => {
      await presence[Symbol.asyncDispose]();
      await link[Symbol.asyncDispose]();
    },
  };
};
