import type { PrintedLine } from "./escposParser.ts";

export type RollLevel = "full" | "low" | "out";
export interface Slip {
  no: number;
  lines: PrintedLine[];
  /** printing: still hanging in the printer · presenter: cut, waiting to be taken · pushed-out: fell when the next one came. */
  where: "printing" | "presenter" | "taken" | "pushed-out";
}
export interface ReceiptState {
  roll: RollLevel;
  jammed: boolean;
  coverOpen: boolean;
  slips: Slip[];
  slipSerial: number;
}

export const initialReceiptState = (): ReceiptState => ({
  roll: "full",
  jammed: false,
  coverOpen: false,
  slips: [],
  slipSerial: 0,
});

const keptSlips = 50;

export const isBlocked = (state: ReceiptState): boolean => state.roll === "out" || state.jammed || state.coverOpen;

export const slipInPresenter = (state: ReceiptState): Slip | undefined =>
  state.slips.find(({ where }) => where === "presenter");

export const addLine = (state: ReceiptState, line: PrintedLine): void => {
  let slip = state.slips.find(({ where }) => where === "printing");
  if (slip === undefined) {
    state.slipSerial++;
    slip = { no: state.slipSerial, lines: [], where: "printing" };
    state.slips.push(slip);
    state.slips.splice(0, Math.max(0, state.slips.length - keptSlips));
  }
  slip.lines.push(line);
};

export const cutSlip = (state: ReceiptState): void => {
  const slip = state.slips.find(({ where }) => where === "printing");
  if (slip === undefined) return;
  for (const earlier of state.slips) if (earlier.where === "presenter") earlier.where = "pushed-out";
  slip.where = "presenter";
};

/** The four bytes of automatic status back, ESCPOS.md. */
export const asbOf = (state: ReceiptState): Buffer =>
  Buffer.from([
    0x10 | (isBlocked(state) ? 0x08 : 0) | (state.coverOpen ? 0x20 : 0),
    state.jammed ? 0x04 : 0,
    (state.roll === "full" ? 0 : 0x03) | (state.roll === "out" ? 0x0c : 0),
    slipInPresenter(state) === undefined ? 0 : 0x02,
  ]);

/** DLE EOT n. */
export const realTimeOf = (state: ReceiptState, n: number): number => {
  const bits = [
    isBlocked(state) ? 0x08 : 0,
    (state.coverOpen ? 0x04 : 0) | (state.roll === "out" ? 0x20 : 0) | (state.jammed ? 0x40 : 0),
    state.jammed ? 0x04 : 0,
    (state.roll === "full" ? 0 : 0x0c) | (state.roll === "out" ? 0x60 : 0),
  ];
  return 0x12 | (bits[n - 1] ?? 0);
};
