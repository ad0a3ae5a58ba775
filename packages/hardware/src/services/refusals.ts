import { z } from "zod";
import { CommandFailure } from "../protocol/commandFailure.ts";
import { type CommandDefinition, indeterminate } from "../protocol/define.ts";
import { type CommandHeader, sameMajor } from "../protocol/envelope.ts";
import { findCommand } from "../protocol/messages.ts";
import { isStandardCommand } from "../protocol/standardNames.ts";
import type { StopCause } from "./faults.ts";

/** Stands for a command that no catalogue knows, so that it can be answered like any other. */
export const unknownCommand: CommandDefinition = {
  version: "1.0",
  completionVersion: "1.0",
  effect: "read",
  lane: "queue",
  payload: z.object({}),
  result: z.object({}),
  failure: z.object({}),
};

export function refusalOf(
  header: CommandHeader,
  definition: CommandDefinition | undefined,
  isHandled: boolean,
): CommandFailure | null {
  if (!isHandled || definition === undefined) return notKnown(header.name);
  if (sameMajor(header.version, definition.version)) return null;
  return new CommandFailure("unsupportedCommand", `${header.name} is supported in version ${definition.version}`);
}

/** A command of the standard that this device does not have is unsupported; any other is invalid. */
export function notKnown(command: string): CommandFailure {
  const known = findCommand(command) !== undefined || isStandardCommand(command);
  return known
    ? new CommandFailure("unsupportedCommand", "this service does not have the command")
    : new CommandFailure("invalidCommand", "no such command");
}

/** The name goes back into text that is put together by hand. */
export function safeName(command: string): string {
  return findCommand(command) === undefined ? JSON.stringify(command).slice(1, -1) : command;
}

/** The answer to a command that did not end by itself. */
export function givenUp(definition: CommandDefinition, cause: StopCause, stage: "queued" | "running"): CommandFailure {
  if (stage === "queued") return new CommandFailure(cause, "stopped before it began");
  if (definition.effect !== "value") return new CommandFailure(cause, "stopped; the driver did not answer");
  return new CommandFailure("commandErrorCode", "given up: whether it took effect must be settled by evidence", {
    errorCode: indeterminate,
  });
}

const knownCodes = new WeakMap<CommandDefinition, ReadonlySet<string>>();
export function errorCodesOf(definition: CommandDefinition): ReadonlySet<string> {
  const cached = knownCodes.get(definition);
  if (cached !== undefined) return cached;
  const found = new Set<string>();
  if (definition.failure instanceof z.ZodObject) {
    const errorCode: unknown = definition.failure.shape["errorCode"];
    const inner: unknown = errorCode instanceof z.ZodOptional ? errorCode.unwrap() : undefined;
    if (inner instanceof z.ZodEnum) for (const code of inner.options) found.add(String(code));
  }
  knownCodes.set(definition, found);
  return found;
}
