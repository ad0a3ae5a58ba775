import { deviceApi } from "@gridhall/domain/backoffice/api.ts";
import { type Database, inScope, SYSTEM } from "../db/database.ts";
import type { RpcHandler } from "../link/service.ts";
import { HallError, notFound } from "../web/errors.ts";
import type { BackOffice } from "./backOffice.ts";

/**
 * What a kiosk may ask. A customer pays at any hall, so the kiosk's own unit does not limit which account it may name;
 * what limits it is that answers are masked, and that guessing is slowed down.
 */
export function backOfficeRpc(
  db: Database,
  backOffice: BackOffice,
  today: () => string,
  throttle: (deviceId: string) => boolean,
): ReadonlyMap<string, RpcHandler> {
  return new Map<string, RpcHandler>([
    [
      "accounts.find",
      async (device, params) => {
        const query = deviceApi["accounts.find"].params.parse(params);
        if (!throttle(device.device_id))
          throw new HallError("accounts.too-many-tries", 429, "too many searches from this terminal; wait a minute");
        return { accounts: await inScope(db, SYSTEM, (tx) => backOffice.findAccounts(tx, query)) };
      },
    ],
    [
      "account.overview",
      async (_device, params) => {
        const { accountNo } = deviceApi["account.overview"].params.parse(params);
        return (
          (await inScope(db, SYSTEM, (tx) => backOffice.overview(tx, accountNo, today()))) ?? fail("account", accountNo)
        );
      },
    ],
    [
      "account.bill",
      async (_device, params) => {
        const { billId } = deviceApi["account.bill"].params.parse(params);
        return (await inScope(db, SYSTEM, (tx) => backOffice.bill(tx, billId, today()))) ?? fail("bill", billId);
      },
    ],
    [
      "account.payments",
      async (_device, params) => {
        const { accountNo } = deviceApi["account.payments"].params.parse(params);
        return { payments: await inScope(db, SYSTEM, (tx) => backOffice.payments(tx, accountNo)) };
      },
    ],
  ]);
}

function fail(what: string, id: string): never {
  throw notFound(what, id);
}

/** Sliding window: at most `limit` searches a minute from one terminal, so that account numbers cannot be harvested. */
export function createThrottle(limit: number, windowMs: number, nowMs: () => number): (key: string) => boolean {
  const seen = new Map<string, number[]>();
  return (key) => {
    const now = nowMs();
    const recent = (seen.get(key) ?? []).filter((at) => now - at < windowMs);
    if (recent.length >= limit) return false;
    seen.set(key, [...recent, now]);
    return true;
  };
}
