import { type Effect, indeterminate } from "./protocol/define.ts";
import { type CommandName, effectOf, type Completion } from "./protocol/messages.ts";

/** A command that got no completion. */
export class XfsError extends Error {
  readonly code:
    | "not-connected" // nothing was sent
    | "aborted" // nothing was sent
    | "refused" // acknowledged with a status: not queued (`context.status`)
    | "connection-lost" // sent; whether it took effect is not known
    | "no-answer" // sent; no completion long after the time-out
    | "invalid-response"; // completed, but the completion cannot be read
  readonly context: Readonly<Record<string, unknown>>;
  constructor(code: XfsError["code"], message: string, context: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = "XfsError";
    this.code = code;
    this.context = context;
  }
}

/** A completion with another code than success, for callers who have nothing to do with it but pass it on. */
export class XfsCommandError extends Error {
  readonly command: CommandName;
  readonly completionCode: string;
  readonly errorCode: string | undefined;
  constructor(
    command: CommandName,
    completionCode: string,
    errorCode: string | undefined,
    description: string | undefined,
  ) {
    super(`${command}: ${errorCode ?? completionCode}${description === undefined ? "" : ` (${description})`}`);
    this.name = "XfsCommandError";
    this.command = command;
    this.completionCode = completionCode;
    this.errorCode = errorCode;
  }
}

/** The payload of a success. @throws XfsCommandError for any other completion */
export function successOf<N extends CommandName>(
  name: N,
  completion: Completion<N>,
): Extract<Completion<N>, { completionCode: "success" }>["payload"] {
  if (completion.completionCode === "success") return completion.payload;
  const { errorCode } = completion.payload as { errorCode?: string };
  throw new XfsCommandError(name, completion.completionCode, errorCode, completion.errorDescription);
}

/** Completions that say for certain that a command did nothing. Whatever is not here may have moved money. */
const certainRefusals: ReadonlySet<string> = new Set([
  "deviceNotReady",
  "invalidCommand",
  "unsupportedCommand",
  "invalidData",
  "unsupportedData",
  "sequenceError",
  "invalidRequestID",
  "authorisationRequired",
  "noCommandNonce",
  "invalidToken",
  "invalidTokenNonce",
  "invalidTokenHMAC",
  "invalidTokenFormat",
  "invalidTokenKeyNoValue",
]);
const certainErrorCodes: ReadonlySet<string> = new Set([
  "noItems",
  "noCashInActive",
  "cashInActive",
  "exchangeActive",
  "safeDoorOpen",
  "invalidCurrency",
  "invalidDenomination",
  "invalidMixNumber",
  "noCurrencyMix",
  "notDispensable",
  "tooManyItems",
  "unsupportedPosition",
  "itemsLeft",
  "shutterOpen",
]);

/**
 * Whether a value command's outcome has to be settled by evidence (X-Cash.GetEvidence, Storage.GetStorage,
 * CashDispenser.GetPresentStatus) because neither success nor a certain refusal came back. Errs on the side of asking:
 * also a foreign vendor's hardwareError or timeOut is unclear.
 *
 * @param outcome the completion, or what `send` rejected with
 */
export function isIndeterminate<N extends CommandName>(name: N, outcome: Completion<N> | XfsError): boolean {
  const effect: Effect = effectOf(name);
  if (effect !== "value") return false;
  if (outcome instanceof XfsError) return !["not-connected", "aborted", "refused"].includes(outcome.code);
  if (outcome.completionCode === "success") return false;
  if (outcome.completionCode !== "commandErrorCode") return !certainRefusals.has(outcome.completionCode);
  const { errorCode } = outcome.payload as { errorCode?: string };
  return errorCode === undefined || errorCode === indeterminate || !certainErrorCodes.has(errorCode);
}
