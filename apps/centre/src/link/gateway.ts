import { createServer } from "node:tls";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { topic } from "@gridhall/domain/link/schema.ts";
import { Aedes, type Client } from "aedes";
import mqtt from "mqtt";
import type { Logger } from "pino";

/** What a device sends, by the last word of its topic. */
export type UpKind = "up" | "req" | "presence" | "call";
const UP_KINDS: ReadonlySet<string> = new Set<UpKind>(["up", "req", "presence", "call"]);

/** The broker as the centre sees it; the embedded one and an external one are the same from here. */
export interface Gateway extends AsyncDisposable {
  readonly port: number | null;
  /** `qos` 0: for what is worth nothing a moment later. */
  publish(name: string, payload: string, qos?: 0 | 1): void;
  /** Ends the device's live connection at once. An external broker is told nothing: its messages are refused instead. */
  drop(deviceId: string): void;
}

export interface GatewayHandlers {
  /** The certificate's subject and serial number; false refuses the connection. */
  admit(deviceId: string, certificateSerial: string): Promise<boolean>;
  receive(deviceId: string, kind: UpKind, payload: Buffer): void;
}

/** The embedded MQTT broker: TLS with a certificate on both sides, each device confined to its own topics. */
export async function openGateway(
  options: {
    host: string;
    port: number;
    tls: { ca: string; cert: string; key: string };
    logger: Logger;
  } & GatewayHandlers,
): Promise<Gateway> {
  const { logger } = options;
  const broker = await Aedes.createBroker({ connectTimeout: 10_000, keepaliveLimit: 120, heartbeatInterval: 30_000 });
  const clients = new Map<string, Client>();
  const identity = (client: Client) => {
    const certificate = (client.conn as TLSSocket).getPeerCertificate();
    return {
      deviceId: String(certificate.subject?.CN ?? ""),
      serial: (certificate.serialNumber ?? "").toLowerCase().replace(/^0+/, ""),
    };
  };
  broker.authenticate = (client, _user, _password, done) => {
    const { deviceId, serial } = identity(client);
    if (client.id !== deviceId) return done(null, false);
    options.admit(deviceId, serial).then(
      (admitted) => done(null, admitted),
      (cause: unknown) => {
        logger.error({ cause: String(cause), deviceId }, "cannot check a device's identity");
        done(null, false);
      },
    );
  };
  broker.authorizePublish = (client, packet, done) => {
    const allowed =
      client === null || (topic.ownedBy(client.id, packet.topic) && UP_KINDS.has(packet.topic.split("/")[3] ?? ""));
    done(allowed ? null : new Error(`${client?.id} may not publish to ${packet.topic}`));
  };
  broker.authorizeSubscribe = (client, subscription, done) => {
    const allowed = client === null || topic.ownedBy(client.id, subscription.topic);
    done(null, allowed ? subscription : null);
  };
  broker.on("client", (client) => clients.set(client.id, client));
  broker.on("clientDisconnect", (client) => {
    if (clients.get(client.id) === client) clients.delete(client.id);
  });
  broker.on("publish", (packet, client) => {
    const [, , deviceId, kind] = packet.topic.split("/");
    // A will is published by the broker itself, without a client.
    if (deviceId === undefined || kind === undefined || !UP_KINDS.has(kind) || !packet.topic.startsWith("gh/v1/"))
      return;
    if (client === null && kind !== "presence") return;
    options.receive(deviceId, kind as UpKind, packet.payload as Buffer);
  });
  const server = createServer(
    {
      ca: options.tls.ca,
      cert: options.tls.cert,
      key: options.tls.key,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: "TLSv1.2",
    },
    (socket) => {
      // MQTT's small packets must not wait for Nagle.
      socket.setNoDelay(true);
      broker.handle(socket);
    },
  );
  server.on("tlsClientError", (cause) => logger.debug({ cause: String(cause) }, "link: TLS refused"));
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(options.port, options.host, done);
  });
  return {
    port: (server.address() as AddressInfo).port,
    publish(name, payload, qos = 1) {
      broker.publish(
        { cmd: "publish", topic: name, payload: Buffer.from(payload), qos, retain: false, dup: false },
        () => {},
      );
    },
    drop(deviceId) {
      clients.get(deviceId)?.close();
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      await new Promise<void>((done) => broker.close(done));
      await closed;
    },
  };
}

/** An existing broker (several centre nodes): the nodes share the work through MQTT's shared subscriptions where it has them. */
export async function joinBroker(
  options: {
    url: string;
    tls: { ca: string; cert: string; key: string } | null;
    nodeId: string;
    logger: Logger;
  } & Pick<GatewayHandlers, "receive">,
): Promise<Gateway> {
  const client = await mqtt.connectAsync(options.url, {
    clientId: `centre-${options.nodeId}`,
    clean: true,
    reconnectPeriod: 1000,
    ...(options.tls ?? {}),
  });
  client.on("error", (cause) => options.logger.warn({ cause: String(cause) }, "broker"));
  client.on("message", (name, payload) => {
    const [, , deviceId, kind] = name.split("/");
    if (deviceId !== undefined && kind !== undefined && UP_KINDS.has(kind))
      options.receive(deviceId, kind as UpKind, payload);
  });
  await client.subscribeAsync(["gh/v1/+/up", "gh/v1/+/req", "gh/v1/+/presence", "gh/v1/+/call"], {
    qos: 1,
  });
  return {
    port: null,
    publish(name, payload, qos = 1) {
      client.publish(name, payload, { qos });
    },
    drop() {},
    async [Symbol.asyncDispose]() {
      await client.endAsync();
    },
  };
}
