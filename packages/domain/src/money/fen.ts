import { z } from "zod";

/**
 * An amount in fen (1 CNY = 100 fen) as it crosses a wire or lies in JSON: an integer below 2^53. Ledgers add it up as
 * bigint. Never a float, never yuan.
 */
export const Fen = z.number().int().min(-9_000_000_000_000).max(9_000_000_000_000);
export type Fen = z.infer<typeof Fen>;

/** `12345` → `"123.45"`; grouping of thousands for people, none for files. */
export function formatYuan(amountFen: number | bigint, options: { grouped?: boolean } = {}): string {
  const fen = BigInt(amountFen);
  const sign = fen < 0n ? "-" : "";
  const magnitude = fen < 0n ? -fen : fen;
  const yuan = (magnitude / 100n).toString();
  const cents = (magnitude % 100n).toString().padStart(2, "0");
  const whole = options.grouped ? yuan.replaceAll(/\B(?=(\d{3})+$)/g, ",") : yuan;
  return `${sign}${whole}.${cents}`;
}

/** `"123.4"` → `12340`; null where the text is not an amount of at most two decimals. */
export function parseYuan(text: string): number | null {
  const match = /^(\d{1,11})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!match) return null;
  return Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"));
}
