import { z } from "zod";
import {
  type AcknowledgeHeader,
  type AcknowledgeStatus,
  CommandHeader,
  type CompletionHeader,
  type EventHeader,
  ServiceHeader,
  type UnsolicitedHeader,
} from "./envelope.ts";

/**
 * Validation at the edge, in both directions. Incoming text is never trusted. Outgoing payloads are checked too: a
 * violation is a bug of ours, reported through OnViolation and counted; tests let it throw.
 */

export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: string };

/** A message of ours that breaks our own schema. `payload` is left out on purpose: it may hold personal data. */
export interface Violation {
  direction: "sent" | "received";
  type: string;
  name: string;
  problem: string;
}
export type OnViolation = (violation: Violation) => void;

/** Reads a payload against its schema. `null` for a property means, since release 2023-2, that it is absent. */
export function parsePayload<T>(schema: z.ZodType<T>, payload: unknown): Parsed<T> {
  const first = schema.safeParse(payload ?? {});
  if (first.success) return { ok: true, value: first.data };
  const second = schema.safeParse(withoutNulls(payload ?? {}, 0));
  if (second.success) return { ok: true, value: second.data };
  return { ok: false, problem: problemOf(first.error) };
}

/** First fault only, with the field that it is in; never the offending value, which may be personal. */
function problemOf(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "invalid";
  const path = issue.path.map(String).join(".");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}

const deepestPayload = 32;
function withoutNulls(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || depth > deepestPayload) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, depth + 1));
  const kept: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item !== null && key !== "__proto__") kept[key] = withoutNulls(item, depth + 1);
  }
  return kept;
}

export type ParsedCommand =
  | { ok: true; header: CommandHeader; payload: unknown }
  | { ok: false; status: AcknowledgeStatus; requestId: number; name: string; problem: string };

/** Reads what a client sent. Whatever it is, the answer says how to acknowledge it. */
export function parseCommand(text: string): ParsedCommand {
  const message = parseMessage(text);
  if (message === undefined) return refused("invalidMessage", undefined, "a message is JSON: {header, payload}");
  const { header, payload } = message;
  const parsed = CommandHeader.safeParse(header);
  if (parsed.success) return { ok: true, header: parsed.data, payload };
  const onlyIdIsWrong = parsed.error.issues.every((issue) => issue.path[0] === "requestId");
  return refused(onlyIdIsWrong ? "invalidRequestID" : "invalidMessage", header, `header.${problemOf(parsed.error)}`);
}

function refused(status: AcknowledgeStatus, header: unknown, problem: string): ParsedCommand {
  const loose = LooseHeader.safeParse(header);
  return { ok: false, status, problem, requestId: loose.data?.requestId ?? 0, name: loose.data?.name ?? "" };
}
const LooseHeader = z.object({
  requestId: z.int().min(1).catch(0),
  name: z.string().max(100).catch(""),
});

export type ParsedServiceMessage =
  | { ok: true; header: ServiceHeader; payload: unknown }
  | { ok: false; problem: string };

/** Reads what a service sent, header only: the payload's schema depends on the command it answers. */
export function parseServiceMessage(text: string): ParsedServiceMessage {
  const message = parseMessage(text);
  if (message === undefined) return { ok: false, problem: "a message is JSON: {header, payload}" };
  const header = ServiceHeader.safeParse(message.header);
  if (!header.success) return { ok: false, problem: `header.${problemOf(header.error)}` };
  return { ok: true, header: header.data, payload: message.payload };
}

function parseMessage(text: string): { header?: unknown; payload?: unknown } | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === "object" && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}

/** The fault in a payload that we are about to send, or null. */
export function faultOf(schema: z.ZodType, payload: unknown): string | null {
  const parsed = schema.safeParse(payload);
  return parsed.success ? null : problemOf(parsed.error);
}

type OutgoingHeader = CommandHeader | AcknowledgeHeader | CompletionHeader | EventHeader | UnsolicitedHeader;

export function encode(header: OutgoingHeader, payload: unknown): string {
  return JSON.stringify({ header, payload });
}

/** An acknowledge carries no payload. Accepted commands get one each, so its text is put together by hand. */
export function encodeAccepted(name: string, version: string, requestId: number): string {
  return `{"header":{"type":"acknowledge","name":"${name}","version":"${version}","requestId":${requestId}}}`;
}
