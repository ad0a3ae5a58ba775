import { createServer, type RequestListener, type Server } from "node:http";
import type { Connector } from "./device.ts";

/** A device on the network: plugged in it listens, always on the same port; unplugged nothing does. */
export const createHttpConnector = (
  wantedPort: number,
  listener: RequestListener,
): Connector & { port: () => number } => {
  let server: Server | null = null;
  let port = wantedPort;
  const unplug = async (): Promise<void> => {
    const current = server;
    server = null;
    if (current === null) return;
    current.closeAllConnections();
    await new Promise<void>((resolve) => current.close(() => resolve()));
  };
  return {
    port: () => port,
    isPlugged: () => server !== null,
    unplug,
    plug: async () => {
      if (server !== null) return;
      const next = createServer(listener);
      await new Promise<void>((resolve, reject) => {
        next.once("error", reject);
        next.listen(port, "127.0.0.1", () => resolve());
      });
      const address = next.address();
      if (typeof address === "object" && address !== null) port = address.port;
      server = next;
    },
  };
};
