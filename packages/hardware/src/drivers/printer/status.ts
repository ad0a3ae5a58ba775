import type { DriverLogger } from "../config.ts";
import { DeviceError, type PrinterStatus } from "../contracts.ts";
import { createListeners } from "../line/listeners.ts";

/** The fault that keeps a printer in this state from printing, or null when it can print. */
export const faultOf = (status: PrinterStatus): DeviceError | null => {
  if (status.cover === "open") return new DeviceError("cover-open", "printer: the cover is open");
  if (status.paper === "jammed") return new DeviceError("jam", "printer: paper jam");
  if (status.paper === "out") return new DeviceError("empty", "printer: out of paper");
  return null;
};

/** Remembers the last status and tells listeners of changes only. */
export const createStatusMemory = (logger: DriverLogger) => {
  const listeners = createListeners<PrinterStatus>((error) =>
    logger.error({ err: error, device: "printer" }, "a status listener failed"),
  );
  let last: PrinterStatus | null = null;
  return {
    last: () => last,
    onStatus: listeners.add,
    note: (status: PrinterStatus): PrinterStatus => {
      const changed = last === null || JSON.stringify(last) !== JSON.stringify(status);
      last = status;
      if (changed) listeners.emit(status);
      return status;
    },
  };
};
