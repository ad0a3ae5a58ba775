import type { CompletionCode } from "./envelope.ts";

/** How a command's handler says that the command did not succeed; becomes its completion. */
export class CommandFailure extends Error {
  readonly completionCode: Exclude<CompletionCode, "success">;
  /** Goes into the completion: errorCode, and what is known of the result. */
  readonly payload: Readonly<Record<string, unknown>>;
  constructor(
    completionCode: Exclude<CompletionCode, "success">,
    description: string,
    payload: Record<string, unknown> = {},
    options?: ErrorOptions,
  ) {
    super(description, options);
    this.name = "CommandFailure";
    this.completionCode = completionCode;
    this.payload = payload;
  }
}

/** The usual kind: a code that the command itself defines. */
export function refusal(errorCode: string, description: string, payload: Record<string, unknown> = {}): CommandFailure {
  return new CommandFailure("commandErrorCode", description, { ...payload, errorCode });
}
