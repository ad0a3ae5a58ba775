import type { CashCounts } from "../../protocol/interfaces/cashManagement.ts";

/** Everything here is renminbi: the kiosks' only currency. */
export const currency = "CNY";

/** Note types that kiosk acceptors take when the configuration names none: 1, 5, 10, 20, 50 and 100 yuan. */
export const usualNotesFen: readonly number[] = [100, 500, 1_000, 2_000, 5_000, 10_000];

/** Name of a kind of cash: type100CNY for the 100-yuan note, type50FENCNY for the 5-jiao coin. */
export function noteTypeOf(denominationFen: number): string {
  return denominationFen % 100 === 0
    ? `type${denominationFen / 100}${currency}`
    : `type${denominationFen}FEN${currency}`;
}

/** Inverse of noteTypeOf. null for a name that is not ours. */
export function fenOfNoteType(noteType: string): number | null {
  const match = /^type([1-9][0-9]*)(FEN)?CNY$/.exec(noteType);
  if (match === null) return null;
  const amount = Number(match[1]);
  return match[2] === undefined ? amount * 100 : amount;
}

/** Yuan as the standard writes amounts. Exact: fen are whole, and two decimals survive a double below 2^53 fen. */
export function yuanOf(fen: number): number {
  return fen / 100;
}

/** Fen of an amount in yuan; null where it is not a whole number of fen. */
export function fenOf(yuan: number): number | null {
  const fen = Math.round(yuan * 100);
  return Number.isSafeInteger(fen) && Math.abs(yuan * 100 - fen) < 1e-6 ? fen : null;
}

/** `{type100CNY: {fit: 2}}` */
export function countsOf(denominationFen: number, count: number): CashCounts {
  return { [noteTypeOf(denominationFen)]: { fit: count } };
}

/** Items that could not be told apart. */
export function unrecognized(count: number): CashCounts {
  // Every other property is a kind of cash, which the type of a catchall cannot say of all but one.
  return { unrecognized: count } as unknown as CashCounts;
}

/** The number of items in counts, whatever they are. */
export function itemsIn(counts: CashCounts | undefined): number {
  let items = 0;
  for (const [kind, count] of Object.entries(counts ?? {})) {
    if (kind === "unrecognized") items += Number(count);
    else for (const part of Object.values(count as Record<string, number | undefined>)) items += part ?? 0;
  }
  return items;
}
