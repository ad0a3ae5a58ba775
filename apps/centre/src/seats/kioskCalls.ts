import { callRpc } from "@gridhall/domain/seats/callLink.ts";
import { isOver } from "@gridhall/domain/seats/applyCallEvent.ts";
import type { CallRequest } from "@gridhall/domain/seats/schema.ts";
import { ServiceId } from "@gridhall/domain/seats/schema.ts";
import { DeviceId } from "@gridhall/domain/link/schema.ts";
import { sql } from "kysely";
import { type Database, inScope, SYSTEM, type Tx } from "../db/database.ts";
import type { DeviceRow } from "../devices/store.ts";
import type { RpcHandler } from "../link/service.ts";
import type { Bus } from "../live/bus.ts";
import { HallError } from "../web/errors.ts";
import { type CallActions, Refused } from "./callActions.ts";
import { type CallRecord, findCall, insertCall, openCallOfDevice } from "./callStore.ts";

/** Priority of a call before waiting adds to it: who needs more patience is not made to need it in the queue. */
const USUAL_PRIORITY = 50;
const ELDERLY_PRIORITY = 60;

/** What a kiosk asks of the seats over the link. Each may come twice: the second time changes nothing. */
export function kioskCallRpc(options: {
  db: Database;
  bus: Bus;
  actions: CallActions;
  nodeId: string;
  nowMs(): number;
  newId(): string;
  hosted(record: CallRecord): void;
}): Map<string, RpcHandler> {
  const { db, actions } = options;

  const owned = async (device: DeviceRow, callId: string): Promise<CallRecord> => {
    const record = await inScope(db, SYSTEM, (tx) => findCall(tx, callId));
    if (!record || record.device_id !== device.device_id)
      throw new HallError("call.not-found", 404, `no call ${callId}`);
    return record;
  };
  const done = { ok: true as const };
  /** An order that comes after the end has had its effect already. */
  const settled = async (work: Promise<void>): Promise<typeof done> => {
    await work.catch((cause: unknown) => {
      if (!(cause instanceof Refused)) throw cause;
    });
    return done;
  };

  const request: RpcHandler = async (device, params) => {
    const asked = callRpc["call.request"].params.parse(params);
    const before = await inScope(db, SYSTEM, (tx) => openCallOfDevice(tx, device.device_id));
    // The terminal has forgotten an older call (power cut): nobody stands at the other end of it any more.
    if (before && before.call_id !== asked.callId) await actions.end(before.call_id, "system", "customer-left");
    const record = await inScope(db, SYSTEM, async (tx) => {
      const request = await requestOf(tx, device, asked);
      const inserted = await insertCall(
        tx,
        {
          call_id: asked.callId,
          unit_path: device.unit_path,
          device_id: device.device_id,
          journey_id: asked.journeyId,
          account_no: asked.accountNo,
          customer_key: asked.customerKey,
          node_id: options.nodeId,
          live: {
            consent: asked.consent,
            recording: asked.recording,
            language: asked.language,
            elderly: asked.elderly,
            parties: [],
            invitation: null,
            target: null,
            nobody: null,
            interruptedMs: null,
          },
        },
        [{ type: "requested", request }],
        options.nowMs(),
      );
      if (!inserted.ok) throw new HallError("call.refused", 409, inserted.reason);
      return inserted.record;
    });
    if (record.device_id !== device.device_id) throw new HallError("call.not-found", 404, "the call id is taken");
    if (record.node_id === options.nodeId && !isOver(record.state.phase)) options.hosted(record);
    options.bus.emit("call.changed", { callId: asked.callId, unitPath: device.unit_path });
    return { callId: asked.callId };
  };

  return new Map<string, RpcHandler>([
    ["call.request", request],
    [
      "call.leave",
      async (device, params) => {
        const { callId } = callRpc["call.leave"].params.parse(params);
        await owned(device, callId);
        return settled(actions.leave(callId));
      },
    ],
    [
      "call.callback",
      async (device, params) => {
        const { callId, phone } = callRpc["call.callback"].params.parse(params);
        await owned(device, callId);
        return settled(actions.leaveMessage(callId, { kind: "callback", phone }, options.newId()));
      },
    ],
    [
      "call.message",
      async (device, params) => {
        const { callId, topic, phone } = callRpc["call.message"].params.parse(params);
        await owned(device, callId);
        return settled(actions.leaveMessage(callId, { kind: "message", topic, phone }, options.newId()));
      },
    ],
    [
      "call.rate",
      async (device, params) => {
        const { callId, score } = callRpc["call.rate"].params.parse(params);
        await owned(device, callId);
        return settled(actions.rate(callId, score));
      },
    ],
    [
      "call.consent",
      async (device, params) => {
        const { callId, consent, recording } = callRpc["call.consent"].params.parse(params);
        await owned(device, callId);
        return settled(actions.consent(callId, consent, recording));
      },
    ],
  ]);
}

async function requestOf(
  tx: Tx,
  device: DeviceRow,
  asked: { service: string | null; customerKey: string; accountNo: string | null; elderly: boolean },
): Promise<CallRequest> {
  const { rows } = await sql<{ unit_id: string | null; kind: string | null }>`select
    (select unit_id from unit where path = ${device.unit_path}::ltree) as unit_id,
    (select kind from account where account_no = ${asked.accountNo}) as kind`.execute(tx);
  const service = ServiceId.safeParse(asked.service);
  return {
    deviceId: DeviceId.parse(device.device_id),
    hallId: rows[0]?.unit_id ?? null,
    unitPath: device.unit_path,
    service: service.success ? service.data : null,
    customerClass: asked.elderly ? "elderly" : (rows[0]?.kind ?? "visitor"),
    priority: asked.elderly ? ELDERLY_PRIORITY : USUAL_PRIORITY,
    customerKey: asked.customerKey,
  };
}
