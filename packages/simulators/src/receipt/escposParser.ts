import iconv from "iconv-lite";

/** What the paper shows, line by line, as a customer reads it. */
export type PrintedLine =
  | { type: "text"; text: string; align: "left" | "centre" | "right"; bold: boolean; large: boolean }
  | { type: "qr"; data: string }
  | { type: "feed"; lines: number };

/** What the command stream asks the mechanics to do, in order. */
export type PrintStep =
  | { type: "line"; line: PrintedLine }
  | { type: "cut" }
  | { type: "asb"; on: boolean }
  | { type: "echo"; id: string };

const alignments = ["left", "centre", "right"] as const;

/** A printer's interpreter: turns bytes (ESCPOS.md) into steps; its modes are volatile. */
export const createEscposParser = () => {
  let input = Buffer.alloc(0);
  let text: number[] = [];
  let align: (typeof alignments)[number] = "left";
  let bold = false;
  let large = false;
  let qr = "";

  const resetModes = (): void => {
    text = [];
    align = "left";
    bold = false;
    large = false;
  };
  const endLine = (): PrintStep => {
    const line: PrintedLine = { type: "text", text: iconv.decode(Buffer.from(text), "gb18030"), align, bold, large };
    text = [];
    return { type: "line", line };
  };
  /** GS ( x pL pH …: null while incomplete. */
  const parameterised = (steps: PrintStep[]): number | null => {
    if (input.length < 5) return null;
    const total = 5 + input.readUInt16LE(3);
    if (input.length < total) return null;
    const body = input.subarray(5, total);
    if (input[2] === 0x48 && body[0] === 0x30) steps.push({ type: "echo", id: body.toString("latin1", 2, 6) });
    if (input[2] === 0x6b && body[1] === 0x50) qr = body.toString("utf8", 3);
    if (input[2] === 0x6b && body[1] === 0x51) steps.push({ type: "line", line: { type: "qr", data: qr } });
    return total;
  };
  /** Consumes one command at the head of the input; null while it is incomplete. */
  const command = (steps: PrintStep[]): number | null => {
    const key = input.toString("latin1", 0, 2);
    const third = input[2];
    if (input.length < 2) return null;
    if (key === "\x1b@") {
      resetModes();
      steps.push({ type: "asb", on: false });
      return 2;
    }
    if (key === "\x1c&" || key === "\x1c.") return 2;
    if (key === "\x1d(") return parameterised(steps);
    if (third === undefined) return null;
    switch (key) {
      case "\x1ba":
        align = alignments[third] ?? "left";
        return 3;
      case "\x1bE":
        bold = (third & 1) === 1;
        return 3;
      case "\x1d!":
        large = third !== 0;
        return 3;
      case "\x1bd":
        steps.push({ type: "line", line: { type: "feed", lines: third } });
        return 3;
      case "\x1da":
        steps.push({ type: "asb", on: third !== 0 });
        return 3;
      case "\x1dV":
        if (third < 65) {
          steps.push({ type: "cut" });
          return 3;
        }
        if (input.length < 4) return null;
        steps.push({ type: "cut" });
        return 4;
      default:
        return 2;
    }
  };

  return {
    push: (bytes: Uint8Array): PrintStep[] => {
      input = Buffer.concat([input, bytes]);
      const steps: PrintStep[] = [];
      while (input.length > 0) {
        const first = input.readUInt8(0);
        let used: number | null = 1;
        if (first === 0x1b || first === 0x1c || first === 0x1d) used = command(steps);
        else if (first === 0x0a) steps.push(endLine());
        else if (first >= 0x20) text.push(first);
        if (used === null) break;
        input = input.subarray(used);
      }
      return steps;
    },
    clear: () => {
      input = Buffer.alloc(0);
      resetModes();
    },
  };
};
