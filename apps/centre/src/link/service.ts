import { type DownCommand, Presence, RpcRequest, topic, UpBatch } from "@gridhall/domain/link/schema.ts";
import { sql } from "kysely";
import type { Logger } from "pino";
import { z } from "zod";
import type { Authority } from "../devices/authority.ts";
import { type DeviceRow, findDevice, writePresence } from "../devices/store.ts";
import { type Database, inScope, SYSTEM } from "../db/database.ts";
import type { Bus } from "../live/bus.ts";
import { HallError } from "../web/errors.ts";
import { type Gateway, joinBroker, openGateway, type UpKind } from "./gateway.ts";
import { createInbox, type Effect, type Inbox } from "./inbox.ts";

export type RpcHandler = (device: DeviceRow, params: unknown) => Promise<unknown>;

export interface LinkService extends AsyncDisposable {
  readonly port: number | null;
  readonly inbox: Inbox;
  isLive(deviceId: string): boolean;
  /** Forgets what is cached of the device and ends its connection: after a revocation or a new certificate. */
  drop(deviceId: string): void;
  createCommand(request: {
    deviceId: string;
    type: string;
    body: unknown;
    ttlMs: number;
    by: string;
    commandId: string;
  }): Promise<DownCommand>;
}

const Hello = z.object({ epoch: z.string(), session: z.number().int() });

export async function startLink(options: {
  db: Database;
  logger: Logger;
  bus: Bus;
  authority: Authority;
  host: string;
  port: number;
  brokerUrl: string | null;
  nodeId: string;
  effects: ReadonlyMap<string, Effect>;
  rpc: ReadonlyMap<string, RpcHandler>;
  /** Passing messages of calls, parsed JSON. */
  receiveCall(deviceId: string, message: unknown): void;
  nowMs(): number;
}): Promise<LinkService> {
  const { db, logger, bus } = options;
  const devices = new Map<string, DeviceRow>();
  const live = new Map<string, number>();

  const lookUp = async (deviceId: string, fresh: boolean): Promise<DeviceRow | null> => {
    const known = fresh ? undefined : devices.get(deviceId);
    if (known) return known;
    const device = await inScope(db, SYSTEM, (tx) => findDevice(tx, deviceId));
    if (device) devices.set(deviceId, device);
    return device;
  };

  const handlePresence = async (device: DeviceRow, payload: Buffer) => {
    const presence = Presence.parse(JSON.parse(payload.toString()));
    await markPresence(device, presence.session, presence.online);
  };

  const markPresence = async (device: DeviceRow, session: number, online: boolean) => {
    const current = await inScope(db, SYSTEM, (tx) =>
      writePresence(tx, device.device_id, device.unit_path, session, online, new Date(options.nowMs())),
    );
    if (!current) return;
    if (online) live.set(device.device_id, session);
    else live.delete(device.device_id);
    bus.emit("device.changed", { deviceId: device.device_id, unitPath: device.unit_path });
  };

  const hello: RpcHandler = async (device, params) => {
    const { epoch, session } = Hello.parse(params);
    await markPresence(device, session, true);
    const marks = await inbox.marks(device.device_id, epoch);
    // Commands that were made while the device was away.
    setTimeout(() => void pushPending(device.device_id), 0);
    return { nowMs: options.nowMs(), marks };
  };

  const pushPending = async (deviceId: string) => {
    const { rows } = await inScope(db, SYSTEM, async (tx) => {
      await sql`update command set state = 'expired', finished_at = now() where device_id = ${deviceId} and state = 'pending' and expires_at < now()`.execute(
        tx,
      );
      return sql<{ command_id: string; type: string; body: unknown; fencing_token: number; expires_at: Date }>`
        select command_id, type, body, fencing_token, expires_at from command where device_id = ${deviceId} and state = 'pending' order by fencing_token`.execute(
        tx,
      );
    });
    for (const row of rows)
      gateway.publish(
        topic.command(deviceId),
        JSON.stringify({
          id: row.command_id,
          type: row.type,
          body: row.body,
          fencingToken: row.fencing_token,
          expiresMs: row.expires_at.getTime(),
        } satisfies DownCommand),
      );
  };

  const answer = async (device: DeviceRow, payload: Buffer) => {
    const request = RpcRequest.parse(JSON.parse(payload.toString()));
    const reply = (body: object) =>
      gateway.publish(topic.response(device.device_id), JSON.stringify({ id: request.id, ...body }));
    const handler = request.method === "link.hello" ? hello : options.rpc.get(request.method);
    if (!handler)
      return reply({ ok: false, error: { code: "rpc.unknown-method", message: `no method ${request.method}` } });
    try {
      reply({ ok: true, result: await handler(device, request.params) });
    } catch (cause) {
      if (cause instanceof HallError) reply({ ok: false, error: { code: cause.code, message: cause.message } });
      else if (cause instanceof z.ZodError)
        reply({ ok: false, error: { code: "rpc.bad-params", message: z.prettifyError(cause) } });
      else {
        logger.error(
          {
            cause: cause instanceof Error ? cause.stack : String(cause),
            method: request.method,
            deviceId: device.device_id,
          },
          "a device's question failed",
        );
        reply({ ok: false, error: { code: "internal", message: "the centre could not answer; try again" } });
      }
    }
  };

  const receive = (deviceId: string, kind: UpKind, payload: Buffer) => {
    const work = async () => {
      const device = await lookUp(deviceId, false);
      if (!device || device.revoked_at) return;
      switch (kind) {
        case "up":
          inbox.submit(deviceId, device.unit_path, UpBatch.parse(JSON.parse(payload.toString())));
          return;
        case "req":
          return answer(device, payload);
        case "presence":
          return handlePresence(device, payload);
        case "call":
          return options.receiveCall(deviceId, JSON.parse(payload.toString()));
        default:
          return kind satisfies never;
      }
    };
    const known = devices.get(deviceId);
    // The hot path stays synchronous, so that a device's batches keep the order in which they came.
    if (kind === "up" && known && !known.revoked_at) {
      try {
        inbox.submit(deviceId, known.unit_path, UpBatch.parse(JSON.parse(payload.toString())));
      } catch (cause) {
        logger.warn({ deviceId, cause: String(cause).slice(0, 400) }, "an unreadable batch was passed over");
      }
      return;
    }
    work().catch((cause: unknown) =>
      logger.warn({ deviceId, kind, cause: String(cause).slice(0, 400) }, "an unreadable message was passed over"),
    );
  };

  const admit = async (deviceId: string, serial: string) => {
    const device = await lookUp(deviceId, true);
    return device !== null && device.revoked_at === null && device.certificate_serial === serial;
  };

  const inbox = createInbox({
    db,
    logger,
    bus,
    effects: options.effects,
    nowMs: options.nowMs,
    acknowledge: (deviceId, ack) => gateway.publish(topic.ack(deviceId), JSON.stringify(ack)),
  });
  const gateway: Gateway = options.brokerUrl
    ? await joinBroker({ url: options.brokerUrl, tls: null, nodeId: options.nodeId, logger, receive })
    : await openGateway({
        host: options.host,
        port: options.port,
        tls: {
          ca: options.authority.certificatePem,
          cert: options.authority.server.certificatePem,
          key: options.authority.server.keyPem,
        },
        logger,
        admit,
        receive,
      });
  // Each node's own broker knows its own devices; on a shared broker one node speaks, the one that has something to say.
  const offCalls = bus.on("call.down", ({ deviceId, message }) =>
    gateway.publish(topic.callDown(deviceId), JSON.stringify(message), 0),
  );
  // After a crash of the centre nobody is connected until it says so itself.
  await inScope(db, SYSTEM, (tx) =>
    sql`update device_presence set online = false, changed_at = now() where online`.execute(tx),
  );

  return {
    port: gateway.port,
    inbox,
    isLive: (deviceId) => live.has(deviceId),
    drop(deviceId) {
      devices.delete(deviceId);
      live.delete(deviceId);
      gateway.drop(deviceId);
    },
    async createCommand({ deviceId, type, body, ttlMs, by, commandId }) {
      const expires = new Date(options.nowMs() + ttlMs);
      const token = await inScope(db, SYSTEM, async (tx) => {
        const { rows } = await sql<{
          fencing_token: number;
          unit_path: string;
        }>`update device set fencing_token = fencing_token + 1 where device_id = ${deviceId} returning fencing_token, unit_path::text`.execute(
          tx,
        );
        const [row] = rows;
        if (!row) throw new HallError("device.not-found", 404, `no device ${deviceId}`);
        await sql`insert into command (command_id, device_id, unit_path, type, body, fencing_token, expires_at, created_by)
          values (${commandId}, ${deviceId}, ${row.unit_path}::ltree, ${type}, ${JSON.stringify(body)}::jsonb, ${row.fencing_token}, ${expires}, ${by})`.execute(
          tx,
        );
        return row.fencing_token;
      });
      const command = { id: commandId, type, body, fencingToken: token, expiresMs: expires.getTime() };
      gateway.publish(topic.command(deviceId), JSON.stringify(command));
      return command;
    },
    async [Symbol.asyncDispose]() {
      offCalls();
      await gateway[Symbol.asyncDispose]();
      await inbox.settled();
    },
  };
}
