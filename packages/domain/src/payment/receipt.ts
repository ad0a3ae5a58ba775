/**
 * The number on a receipt: the local day (Asia/Shanghai) and the tail of the intent id. Derived, so that the kiosk can
 * print it while the link is down and the centre comes to the same number.
 */
export function receiptNumber(intentId: string, atMs: number): string {
  const day = new Date(atMs + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll("-", "");
  return `${day}${intentId.slice(-10).toUpperCase()}`;
}
