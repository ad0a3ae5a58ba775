import { createConnection } from "node:net";
import { type ByteTransport, DeviceError } from "../drivers/contracts.ts";
import type { TransportOf } from "./config.ts";

/**
 * Opens a TCP byte pipe (a device server, a network printer's raw port, a terminal server of serial lines).
 *
 * @throws DeviceError `offline` when nothing listens there, `cancelled` by signal.
 */
export const openTcp = async (config: TransportOf<"tcp">, signal: AbortSignal): Promise<ByteTransport> => {
  const address = { host: config.host, port: config.port };
  const socket = createConnection({ ...address, noDelay: true, keepAlive: true, keepAliveInitialDelay: 5_000 });
  const closeListeners = new Set<(reason: Error | null) => void>();
  const dataListeners = new Set<(bytes: Uint8Array) => void>();
  let failure: Error | null = null;
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => {
      socket.destroy();
      reject(new DeviceError("cancelled", "connecting was cancelled", address));
    };
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    socket.once("connect", () => {
      signal.removeEventListener("abort", abort);
      resolve();
    });
    socket.on("error", (error) => {
      failure = error;
      signal.removeEventListener("abort", abort);
      reject(new DeviceError("offline", `nothing answers at ${config.host}:${config.port}`, address, { cause: error }));
    });
  });
  socket.on("data", (bytes: Uint8Array) => {
    for (const listener of dataListeners) listener(bytes);
  });
  socket.on("close", () => {
    for (const listener of closeListeners) listener(failure);
  });
  return {
    write: async (bytes) => {
      if (socket.destroyed) throw new DeviceError("offline", "the connection is closed", address);
      await new Promise<void>((resolve, reject) => {
        socket.write(bytes, (error) => {
          if (error) reject(new DeviceError("offline", "writing failed", address, { cause: error }));
          else resolve();
        });
      });
    },
    onData: (listener) => {
      dataListeners.add(listener);
      return () => dataListeners.delete(listener);
    },
    onClose: (listener) => {
      closeListeners.add(listener);
      return () => closeListeners.delete(listener);
    },
    [Symbol.asyncDispose]: async () => {
      closeListeners.clear();
      dataListeners.clear();
      if (socket.closed) return;
      await new Promise<void>((resolve) => {
        socket.once("close", () => resolve());
        socket.destroy();
      });
    },
  };
};
