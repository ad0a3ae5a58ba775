import { z } from "zod";
import type { CommandDefinition, EventDefinition } from "./define.ts";
import {
  AcknowledgeHeader,
  CommandHeader,
  CompletionCode,
  CompletionHeader,
  EventHeader,
  UnsolicitedHeader,
} from "./envelope.ts";
import { commands, events } from "./messages.ts";

/** A message by its type and name, as the published schema calls it: "completion:CashAcceptor.CashIn". */
export type MessageKey = string;

const success = z.literal("success");
const otherCodes = CompletionCode.exclude(["success"]);

/**
 * The published form of our messages, standard ones and X- ones, as JSON Schema 2020-12: one definition each. It is made
 * of the same schemas that check the messages at the edge, and says in addition that we send no other properties.
 */
export function publishedSchema() {
  const definitions: Record<MessageKey, unknown> = {
    acknowledge: schemaOf(z.object({ header: AcknowledgeHeader })),
  };
  for (const [name, command] of Object.entries<CommandDefinition>(commands)) {
    const { version, completionVersion, payload, result, failure } = command;
    const commandHeader = named(CommandHeader, name, version);
    definitions[`command:${name}`] = schemaOf(z.object({ header: commandHeader, payload }));
    const header = named(CompletionHeader, name, completionVersion);
    definitions[`completion:${name}`] = schemaOf(
      z.union([
        z.object({ header: header.extend({ completionCode: success }), payload: result }),
        z.object({ header: header.extend({ completionCode: otherCodes }), payload: failure }),
      ]),
    );
  }
  for (const [name, { type, version, payload }] of Object.entries<EventDefinition>(events)) {
    const header = named(type === "event" ? EventHeader : UnsolicitedHeader, name, version);
    definitions[`${type}:${name}`] = schemaOf(z.object({ header, payload }));
  }
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "urn:gridhall:xfs4iot",
    title: "XFS4IoT messages of the GridHall hardware publisher and its clients",
    description: "Header form of release 2023-2, versions of release 2024-3. Interfaces that begin with X- are ours.",
    $defs: definitions,
  };
}

function named(header: z.ZodObject, name: string, version: string): z.ZodObject {
  return header.extend({ name: z.literal(name), version: z.literal(version) });
}

function schemaOf(schema: z.ZodType): unknown {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "output", unrepresentable: "any" });
  return rest;
}

/** Text of the published file. */
export function publishedText(): string {
  const { $defs, ...head } = publishedSchema();
  const definitions = Object.entries($defs).map(([key, schema]) => `${JSON.stringify(key)}:${JSON.stringify(schema)}`);
  // One message a line: small, and a change shows which message it is of.
  return `${JSON.stringify(head).slice(0, -1)},\n"$defs":{\n${definitions.join(",\n")}\n}}\n`;
}

export const publishedFile = new URL("../../schema/gridhall-xfs4iot.schema.json", import.meta.url);
