import { CommandResult } from "@gridhall/domain/link/schema.ts";
import { CashCounted, KioskStatus } from "@gridhall/domain/fleet/schema.ts";
import { sql } from "kysely";
import type { Effect } from "../link/inbox.ts";
import { balance, ledgerAccount } from "../money/ledger.ts";

export const fleetEffects: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  [
    "kiosk.status",
    async (tx, event) => {
      const body = KioskStatus.parse(event.body);
      await sql`insert into device_status (device_id, unit_path, received_at, reported_at, body)
        values (${event.deviceId}, ${event.unitPath}::ltree, now(), to_timestamp(${event.wallMs} / 1000.0), ${JSON.stringify(body)}::jsonb)
        on conflict (device_id) do update set received_at = excluded.received_at, reported_at = excluded.reported_at, body = excluded.body`.execute(
        tx,
      );
      await sql`update device_presence set last_seen_at = now() where device_id = ${event.deviceId}`.execute(tx);
    },
  ],
  [
    "command.result",
    async (tx, event) => {
      const body = CommandResult.parse(event.body);
      await sql`update command set state = ${body.outcome}, result = ${body.detail}, finished_at = now() where command_id = ${body.commandId} and device_id = ${event.deviceId} and state = 'pending'`.execute(
        tx,
      );
    },
  ],
  [
    "cash.counted",
    async (tx, event) => {
      const counted = CashCounted.parse(event.body);
      // In order with the payments' own reports: what the ledger says at this very point is what the box should hold.
      const body = { ...counted, ledgerFen: Number(await balance(tx, ledgerAccount.cashBox(event.deviceId))) };
      await sql`insert into cash_count (count_id, device_id, unit_path, at, source, stacked_total_fen, dispensed_total_fen, body)
        values (${`${event.deviceId}-${event.epoch.slice(0, 12)}-${event.seq}`}, ${event.deviceId}, ${event.unitPath}::ltree, to_timestamp(${event.wallMs} / 1000.0), 'device',
          ${body.stackedTotalFen}, ${body.dispensedTotalFen}, ${JSON.stringify(body)}::jsonb) on conflict do nothing`.execute(
        tx,
      );
    },
  ],
]);
