import { createConnection, type Socket } from "node:net";
import { type CardTransport, DeviceError } from "../drivers/contracts.ts";
import type { TransportOf } from "./config.ts";

/**
 * PC/SC by speaking to pcscd itself: the messages of pcsc-lite's winscard_msg.h, protocol 4:4 (pcsc-lite 1.8.24 to 2.x), in the
 * machine's byte order. So no native module has to be compiled for it. Each message is `size u32 | command u32 | body`; the answer
 * is the same body, filled in.
 */
const commands = {
  establishContext: 0x01,
  releaseContext: 0x02,
  connect: 0x04,
  disconnect: 0x06,
  transmit: 0x09,
  version: 0x11,
  getReadersState: 0x12,
} as const;
const readerStateBytes = 184;
const maxReaders = 16;
const flags = { present: 0x04 } as const;
const shareExclusive = 1;
const protocols = { t0: 1, t1: 2 } as const;
const disposition = { unpower: 2 } as const;
const pciBytes = 8;
const maxAnswer = 65_538;

export interface PcscReader {
  name: string;
  present: boolean;
  atr: Uint8Array;
  /** Counts insertions and removals. */
  events: number;
}

/** One connection to pcscd; requests follow each other. */
export interface PcscClient extends AsyncDisposable {
  readers: () => Promise<PcscReader[]>;
  /** Powers the card and takes the reader for us alone. */
  connect: (reader: string) => Promise<{ card: number; protocol: number }>;
  transmit: (card: number, protocol: number, apdu: Uint8Array) => Promise<Uint8Array>;
  disconnect: (card: number) => Promise<void>;
}

const u32s = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, index * 4);
  return bytes;
};

const errorOf = (what: string, rv: number): DeviceError => {
  const context = { pcsc: `0x${rv.toString(16)}` };
  // SCARD_E_NO_SMARTCARD, W_REMOVED_CARD; W_UNRESPONSIVE, W_UNPOWERED, W_RESET, E_PROTO_MISMATCH; E_UNKNOWN_READER, E_READER_UNAVAILABLE
  if ([0x8010000c, 0x80100069].includes(rv)) return new DeviceError("no-media", `${what}: no card`, context);
  if ([0x80100066, 0x80100067, 0x80100068, 0x8010000f].includes(rv))
    return new DeviceError("media-error", `${what}: the card does not answer`, context);
  if ([0x80100009, 0x80100017].includes(rv)) return new DeviceError("offline", `${what}: the reader is gone`, context);
  return new DeviceError("refused", `${what}: PC/SC error ${context.pcsc}`, context);
};

/** Reads exactly as many bytes as the answer to each request has. */
const createReader = (socket: Socket) => {
  let buffer = Buffer.alloc(0);
  let waiting: { length: number; resolve: (bytes: Buffer) => void; reject: (error: Error) => void } | null = null;
  let gone = false;
  const settle = (): void => {
    if (waiting === null || buffer.length < waiting.length) return;
    const { length, resolve } = waiting;
    waiting = null;
    const bytes = buffer.subarray(0, length);
    buffer = buffer.subarray(length);
    resolve(bytes);
  };
  socket.on("data", (bytes) => {
    buffer = Buffer.concat([buffer, bytes]);
    settle();
  });
  socket.on("close", () => {
    gone = true;
    waiting?.reject(new DeviceError("offline", "pcscd closed the connection"));
    waiting = null;
  });
  return (length: number): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      if (gone) return reject(new DeviceError("offline", "pcscd closed the connection"));
      waiting = { length, resolve, reject };
      settle();
    });
};

export const connectPcsc = async (socketPath: string): Promise<PcscClient> => {
  const socket = createConnection(socketPath);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", () => resolve());
    socket.once("error", (error) =>
      reject(
        new DeviceError("offline", `pcscd does not answer at ${socketPath}; is it running?`, {}, { cause: error }),
      ),
    );
  });
  socket.on("error", () => socket.destroy());
  const read = createReader(socket);
  let tail: Promise<unknown> = Promise.resolve();
  /** `data` follow a body that says their length; the header's size does not count them. */
  const exchange = <T>(
    command: number,
    body: Buffer,
    receive: () => Promise<T>,
    data: Uint8Array = new Uint8Array(),
  ): Promise<T> => {
    const mine = tail.then(() => {
      socket.write(Buffer.concat([u32s(body.length, command), body, data]));
      return receive();
    });
    tail = mine.catch(() => undefined);
    return mine;
  };
  const call = async (what: string, command: number, body: Buffer): Promise<Buffer> => {
    const answer = await exchange(command, body, () => read(body.length));
    const rv = answer.readUInt32LE(answer.length - 4);
    if (rv !== 0) throw errorOf(what, rv);
    return answer;
  };

  await call("version", commands.version, u32s(4, 4, 0));
  const context = (await call("establish context", commands.establishContext, u32s(2, 0, 0))).readUInt32LE(4);
  return {
    readers: async () => {
      const bytes = await exchange(commands.getReadersState, Buffer.alloc(0), () =>
        read(readerStateBytes * maxReaders),
      );
      return Array.from({ length: maxReaders }, (_, index) =>
        bytes.subarray(index * readerStateBytes, (index + 1) * readerStateBytes),
      )
        .map((state) => {
          const nameEnd = state.indexOf(0);
          return {
            name: state.toString("utf8", 0, Math.min(nameEnd, 128)),
            events: state.readUInt32LE(128),
            present: (state.readUInt32LE(132) & flags.present) !== 0,
            atr: Uint8Array.from(state.subarray(140, 140 + Math.min(33, state.readUInt32LE(176)))),
          };
        })
        .filter(({ name }) => name !== "");
    },
    connect: async (reader) => {
      const name = Buffer.alloc(128);
      name.write(reader, 0, 127, "utf8");
      const body = Buffer.concat([u32s(context), name, u32s(shareExclusive, protocols.t0 | protocols.t1, 0, 0, 0)]);
      const answer = await call("connect", commands.connect, body);
      return { card: answer.readUInt32LE(140), protocol: answer.readUInt32LE(144) };
    },
    transmit: (card, protocol, apdu) =>
      exchange(
        commands.transmit,
        u32s(card, protocol, pciBytes, apdu.length, protocol, pciBytes, maxAnswer, 0),
        async () => {
          const answer = await read(32);
          const rv = answer.readUInt32LE(28);
          if (rv !== 0) throw errorOf("transmit", rv);
          return Uint8Array.from(await read(answer.readUInt32LE(24)));
        },
        apdu,
      ),
    disconnect: async (card) => {
      await call("disconnect", commands.disconnect, u32s(card, disposition.unpower, 0));
    },
    [Symbol.asyncDispose]: async () => {
      if (!socket.destroyed)
        await call("release context", commands.releaseContext, u32s(context, 0)).catch(() => undefined);
      socket.destroy();
    },
  };
};

/**
 * One reader slot. @throws DeviceError `offline` when pcscd or the reader is not there.
 *
 * A transmission whose answer is lost rejects with `indeterminate`: a card may have obeyed before it was pulled out.
 */
export const openPcsc = async (config: TransportOf<"pcsc">, signal: AbortSignal): Promise<CardTransport> => {
  const client = await connectPcsc(config.socket);
  let open: { card: number; protocol: number } | null = null;
  const reader = async (): Promise<PcscReader> => {
    const found = (await client.readers()).find(({ name }) => name.startsWith(config.reader));
    if (found === undefined) throw new DeviceError("offline", `pcscd has no reader "${config.reader}"`);
    return found;
  };
  const transport: CardTransport = {
    isPresent: async () => (await reader()).present,
    powerOn: async () => {
      if (open !== null) await client.disconnect(open.card).catch(() => undefined);
      open = null;
      const { name } = await reader();
      open = await client.connect(name);
      return (await reader()).atr;
    },
    transmit: async (apdu) => {
      if (open === null) throw new DeviceError("no-media", "the card is not powered; wait for a card first");
      let answer: Uint8Array;
      try {
        answer = await client.transmit(open.card, open.protocol, apdu);
      } catch (error) {
        throw new DeviceError("indeterminate", "the card's answer was lost", {}, { cause: error });
      }
      // Every answer ends with two status bytes (ISO/IEC 7816-3); vpcd calls it success when the card is pulled out in between.
      if (answer.length < 2) throw new DeviceError("indeterminate", "the card broke off in mid-command");
      return answer;
    },
    [Symbol.asyncDispose]: async () => {
      if (open !== null) await client.disconnect(open.card).catch(() => undefined);
      await client[Symbol.asyncDispose]();
    },
  };
  try {
    await reader();
    if (signal.aborted) throw new DeviceError("cancelled", "opening the reader was cancelled");
    return transport;
  } catch (error) {
    await transport[Symbol.asyncDispose]();
    throw error;
  }
};
