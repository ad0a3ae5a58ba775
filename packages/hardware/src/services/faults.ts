import { DeviceError } from "../drivers/contracts.ts";
import { CommandFailure } from "../protocol/commandFailure.ts";
import { type Effect, indeterminate } from "../protocol/define.ts";

/** Why a running command was told to stop. */
export type StopCause = "canceled" | "timeOut";

/** How each fault of a device is called in the commands that have a name for it; the first that the command knows is taken. */
const errorCodes: Readonly<Partial<Record<DeviceError["code"], readonly string[]>>> = {
  jam: ["mediaJam", "paperJammed", "cashUnitError"],
  empty: ["paperOut", "notDispensable", "cashUnitError"],
  full: ["retainBinFull", "retractBinFull", "cashUnitError"],
  "no-media": ["noMedia", "noItems", "noMediaPresent", "noPin", "keyNotFound"],
  "media-error": ["invalidMedia", "barcodeInvalid", "cashUnitError"],
  refused: ["invalidMedia", "keyNotFound", "accessDenied", "cashUnitError", "lightError", "invalidAuxiliary"],
};

/**
 * The completion of a command whose handler rejected.
 *
 * @param known the error codes that the command's own schema has
 * @param stopCause set where the command had been told to stop before it rejected
 */
export function failureOf(
  error: unknown,
  command: { effect: Effect; known: ReadonlySet<string> },
  stopCause: StopCause | null,
): CommandFailure {
  if (error instanceof CommandFailure) return error;
  if (error instanceof DeviceError) return failureOfDevice(error, command, stopCause);
  if (stopCause !== null && isAbort(error)) return new CommandFailure(stopCause, "stopped before it was done");
  return new CommandFailure("internalError", "a fault in the service", {}, { cause: error });
}

function failureOfDevice(
  error: DeviceError,
  command: { effect: Effect; known: ReadonlySet<string> },
  stopCause: StopCause | null,
): CommandFailure {
  const because = (code: CommandFailure["completionCode"], payload = {}) =>
    new CommandFailure(code, error.message, payload, { cause: error });
  // Money may have moved wherever the device did not say that it did not.
  if (command.effect === "value" && ["indeterminate", "timeout", "protocol"].includes(error.code)) {
    return because("commandErrorCode", { errorCode: indeterminate });
  }
  switch (error.code) {
    case "cancelled":
      return because(stopCause ?? "canceled");
    case "timeout":
      return because(stopCause ?? "hardwareError");
    case "protocol":
    case "indeterminate":
      return because("hardwareError");
    case "offline":
      return because("deviceNotReady");
    case "cover-open":
      return because("userError");
    case "tampered":
      return because("fraudAttempt");
    case "jam":
    case "empty":
    case "full":
    case "no-media":
    case "media-error":
    case "refused": {
      const errorCode = errorCodes[error.code]?.find((code) => command.known.has(code));
      return errorCode === undefined ? because("hardwareError") : because("commandErrorCode", { errorCode });
    }
    default:
      return error.code satisfies never;
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError");
}
