import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import type { DriverLogger } from "../drivers/config.ts";
import type { CommandFailure } from "../protocol/commandFailure.ts";
import { publisherPath, standardPorts } from "../protocol/envelope.ts";
import { commands } from "../protocol/messages.ts";
import { encode, encodeAccepted } from "../protocol/validate.ts";
import { notKnown, safeName } from "../services/refusals.ts";
import type { ServiceClient, XfsService } from "../services/service.ts";
import { serveConnection, type Tap, type Target } from "./connection.ts";

export interface Publisher extends AsyncDisposable {
  /** ws://host:port/xfs4iot/v1.0 */
  readonly url: string;
  readonly port: number;
  urlOf(serviceName: string): string;
}

export interface PublisherOptions {
  services: readonly XfsService[];
  vendorName: string;
  host?: string;
  /** Absent: the first free of the standard's ports 5846–5856. 0: any. */
  port?: number | undefined;
  logger: DriverLogger;
  tap?: Tap;
}

/** The longest message accepted: a scanned PDF in Base64 is a few megabytes. */
const mostMessageBytes = 16 * 1024 * 1024;

/**
 * Listens and serves the services until it is disposed. Disposing it closes the connections, not the services.
 *
 * @throws Error when no port is free
 */
export async function startPublisher(options: PublisherOptions): Promise<Publisher> {
  const { logger, tap = null, host = "127.0.0.1" } = options;
  const byName = new Map(options.services.map((service) => [service.name, service]));
  const http = createServer((_request, response) => {
    response
      .writeHead(426, { "content-type": "text/plain" })
      .end("This is an XFS4IoT publisher: connect by WebSocket.\n");
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: mostMessageBytes, perMessageDeflate: false });

  const port = await listen(http, host, options.port === undefined ? standardPorts : [options.port]);
  const url = `ws://${host}:${port}${publisherPath}`;
  const urlOf = (name: string): string => `${url}/${encodeURIComponent(name)}`;
  const publisher = publisherTarget({
    vendorName: options.vendorName,
    services: options.services.map((service) => ({ serviceURI: urlOf(service.name) })),
  });
  const targetOf = (path: string): Target | undefined => {
    if (path === publisherPath || path === `${publisherPath}/`) return publisher;
    if (!path.startsWith(`${publisherPath}/`)) return undefined;
    return byName.get(decode(path.slice(publisherPath.length + 1)));
  };

  http.on("upgrade", (request, socket, head) => {
    socket.on("error", (error) => logger.debug({ err: error }, "a connection failed"));
    const refuse = (status: string): void => {
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`);
    };
    // A page in the kiosk's browser must not reach the devices; programs send no Origin.
    if (request.headers.origin !== undefined) return refuse("403 Forbidden");
    const target = targetOf((request.url ?? "").split("?", 1)[0] ?? "");
    if (target === undefined) return refuse("404 Not Found");
    sockets.handleUpgrade(request, socket, head, (connection) => {
      serveConnection(connection, socket, target, { logger, tap });
    });
  });

  return {
    url,
    port,
    urlOf,
    [Symbol.asyncDispose]: async () => {
      for (const connection of sockets.clients) connection.close(1001, "the publisher is closing");
      const late = setTimeout(() => {
        for (const connection of sockets.clients) connection.terminate();
        http.closeAllConnections();
      }, closeMs);
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
      });
      clearTimeout(late);
    },
  };
}

const closeMs = 500;

async function listen(http: Server, host: string, ports: readonly number[]): Promise<number> {
  for (const port of ports) {
    const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      const failed = (cause: NodeJS.ErrnoException): void => resolve(cause);
      http.once("error", failed);
      http.listen(port, host, () => {
        http.off("error", failed);
        resolve(null);
      });
    });
    if (error === null) return (http.address() as AddressInfo).port;
    if (error.code !== "EADDRINUSE") throw error;
  }
  throw new Error(
    ports.length === 1
      ? `port: ${ports[0]} is in use; name another one, or none for the first free of the standard's`
      : `port: all of ${ports[0]}–${ports.at(-1)} are in use; stop another publisher, or name a port`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** What stands behind the publisher's own URI: which services there are. */
function publisherTarget(list: { vendorName: string; services: { serviceURI: string }[] }): Target {
  const getServices = "ServicePublisher.GetServices";
  const { version, completionVersion } = commands[getServices];
  return {
    connect: () => undefined,
    disconnect: () => undefined,
    submit: (client: ServiceClient, { name, requestId, version: asked }) => {
      client.send(encodeAccepted(safeName(name), asked, requestId), true);
      if (name !== getServices) {
        const { completionCode, message }: CommandFailure = notKnown(name);
        const header = { type: "completion" as const, name, requestId, version: "1.0", completionCode };
        return client.send(encode({ ...header, errorDescription: message }, {}));
      }
      client.send(encode({ type: "event", name: "ServicePublisher.ServiceDetailEvent", requestId, version }, list));
      const header = { type: "completion" as const, name, requestId, version: completionVersion };
      return client.send(encode({ ...header, completionCode: "success" }, list));
    },
  };
}
