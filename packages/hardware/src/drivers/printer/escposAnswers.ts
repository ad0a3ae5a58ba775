import type { PrinterStatus } from "../contracts.ts";
import type { Splitter } from "../line/exchange.ts";

export type EscposAnswer =
  | { type: "realTime"; byte: number }
  | { type: "asb"; bytes: readonly [number, number, number, number] }
  | { type: "echo"; id: string };

const echoLength = 7;

/** Tells the three kinds of answers apart by their fixed bits, see ESCPOS.md; what fits none is noise. */
export const createEscposSplitter = (): Splitter<EscposAnswer> => {
  let buffer: number[] = [];
  const next = (): EscposAnswer | "noise" | null => {
    const [first = 0, ...more] = buffer;
    if ((first & 0x93) === 0x12) {
      buffer.shift();
      return { type: "realTime", byte: first };
    }
    if ((first & 0x93) === 0x10) {
      const [second = 0, third = 0, fourth = 0] = more;
      const broken = more.slice(0, 3).some((byte) => (byte & 0x90) !== 0);
      if (!broken && more.length < 3) return null;
      if (!broken) {
        buffer = buffer.slice(4);
        return { type: "asb", bytes: [first, second, third, fourth] };
      }
    } else if (first === 0x37 && (more.length === 0 || more[0] === 0x22)) {
      if (buffer.length < echoLength) return null;
      if (buffer[6] === 0) {
        const id = String.fromCharCode(...buffer.slice(2, 6));
        buffer = buffer.slice(echoLength);
        return { type: "echo", id };
      }
    }
    buffer.shift();
    return "noise";
  };
  return {
    reset: () => {
      buffer = [];
    },
    push: (bytes) => {
      buffer.push(...bytes);
      const answers: EscposAnswer[] = [];
      while (buffer.length > 0) {
        const answer = next();
        if (answer === null) break;
        if (answer !== "noise") answers.push(answer);
      }
      return answers;
    },
  };
};

/** What DLE EOT 1–4 say together. */
export const statusOfRealTime = (
  bytes: readonly [number, number, number, number],
  mediaPresent: boolean,
): PrinterStatus => {
  const [, offline, error, paper] = bytes;
  const jammed = (error & 0x6c) !== 0;
  const out = (paper & 0x60) !== 0;
  const low = (paper & 0x0c) !== 0;
  return {
    paper: jammed ? "jammed" : out ? "out" : low ? "low" : "full",
    ink: "notSupported",
    cover: (offline & 0x04) !== 0 ? "open" : "closed",
    mediaPresent,
  };
};

/** What the four bytes of automatic status back say. */
export const statusOfAsb = (bytes: readonly [number, number, number, number]): PrinterStatus => {
  const [printer, error, paper, presenter] = bytes;
  const jammed = (error & 0x6c) !== 0;
  const out = (paper & 0x0c) !== 0;
  const low = (paper & 0x03) !== 0;
  return {
    paper: jammed ? "jammed" : out ? "out" : low ? "low" : "full",
    ink: "notSupported",
    cover: (printer & 0x20) !== 0 ? "open" : "closed",
    mediaPresent: (presenter & 0x02) !== 0,
  };
};
