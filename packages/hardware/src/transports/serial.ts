import { SerialPort } from "serialport";
import { type ByteTransport, DeviceError } from "../drivers/contracts.ts";
import type { TransportOf } from "./config.ts";

/**
 * Opens a serial line (a real one, a USB adapter or a pty) and discards what lay in its input queue: bytes from before
 * we listened belong to nobody's answer.
 *
 * @throws DeviceError `offline` when the path does not exist or cannot be opened, `cancelled` by signal.
 */
export const openSerial = async (config: TransportOf<"serial">, signal: AbortSignal): Promise<ByteTransport> => {
  if (signal.aborted)
    throw new DeviceError("cancelled", "opening the serial line was cancelled", { path: config.path });
  const port = new SerialPort({
    path: config.path,
    baudRate: config.baud,
    parity: config.parity,
    dataBits: config.dataBits,
    stopBits: config.stopBits,
    autoOpen: false,
  });
  const closeListeners = new Set<(reason: Error | null) => void>();
  const dataListeners = new Set<(bytes: Uint8Array) => void>();
  let failure: Error | null = null;
  // Errors after opening are followed by "close"; without a listener they would end the process.
  port.on("error", (error: Error) => (failure = error));
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (error === null) resolve();
      else
        reject(
          new DeviceError(
            "offline",
            `serial line ${config.path} cannot be opened`,
            { path: config.path },
            { cause: error },
          ),
        );
    });
  });
  await new Promise<void>((resolve) => port.flush(() => resolve()));
  port.on("data", (bytes: Uint8Array) => {
    for (const listener of dataListeners) listener(bytes);
  });
  port.on("close", (reason: Error | null) => {
    for (const listener of closeListeners) listener(failure ?? reason);
  });
  const transport: ByteTransport = {
    write: async (bytes) => {
      if (!port.isOpen) throw new DeviceError("offline", `serial line ${config.path} is closed`, { path: config.path });
      await new Promise<void>((resolve, reject) => {
        port.write(bytes, (error) => {
          if (error)
            reject(
              new DeviceError("offline", `writing to ${config.path} failed`, { path: config.path }, { cause: error }),
            );
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
      if (!port.isOpen) return;
      await new Promise<void>((resolve) => port.close(() => resolve()));
    },
  };
  if (signal.aborted) {
    await transport[Symbol.asyncDispose]();
    throw new DeviceError("cancelled", "opening the serial line was cancelled", { path: config.path });
  }
  return transport;
};
