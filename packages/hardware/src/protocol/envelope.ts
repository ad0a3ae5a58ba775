import { z } from "zod";

/**
 * The envelope of XFS4IoT messages in the form of release 2023-2 and later: `timeout`, `status`, `completionCode` and
 * `errorDescription` stand in the header, the payload carries only what belongs to the message itself.
 */

/** Completion codes of the standard (Common, "Completion codes"). */
export const CompletionCode = z.enum([
  "success",
  "commandErrorCode",
  "canceled",
  "deviceNotReady",
  "hardwareError",
  "internalError",
  "invalidCommand",
  "invalidRequestID",
  "timeOut",
  "unsupportedCommand",
  "invalidData",
  "userError",
  "unsupportedData",
  "fraudAttempt",
  "sequenceError",
  "authorisationRequired",
  "noCommandNonce",
  "invalidToken",
  "invalidTokenNonce",
  "invalidTokenHMAC",
  "invalidTokenFormat",
  "invalidTokenKeyNoValue",
  "notEnoughSpace",
]);
export type CompletionCode = z.infer<typeof CompletionCode>;

/** Why a command was not even queued; an acknowledge without `status` means that it was. */
export const AcknowledgeStatus = z.enum(["invalidMessage", "invalidRequestID", "tooManyRequests"]);
export type AcknowledgeStatus = z.infer<typeof AcknowledgeStatus>;

const MessageName = z.string().min(1).max(100);
const Version = z.string().regex(/^[1-9][0-9]*\.(0|[1-9][0-9]*)$/);
const RequestId = z.int().min(1);

export const CommandHeader = z.object({
  type: z.literal("command"),
  name: MessageName,
  requestId: RequestId,
  version: Version,
  /** Milliseconds; 0 or absent: the command never times out, but can be cancelled. */
  timeout: z.int().min(0).optional(),
});
export type CommandHeader = z.infer<typeof CommandHeader>;

export const AcknowledgeHeader = z.object({
  type: z.literal("acknowledge"),
  /** "" where the message was so broken that its name could not be read. */
  name: z.string().max(100),
  /** 0 where the message carried no usable id. */
  requestId: z.int().min(0),
  version: Version,
  status: AcknowledgeStatus.optional(),
  errorDescription: z.string().optional(),
});
export type AcknowledgeHeader = z.infer<typeof AcknowledgeHeader>;

export const CompletionHeader = z.object({
  type: z.literal("completion"),
  name: MessageName,
  requestId: RequestId,
  version: Version,
  completionCode: CompletionCode,
  errorDescription: z.string().optional(),
});
export type CompletionHeader = z.infer<typeof CompletionHeader>;

export const EventHeader = z.object({
  type: z.literal("event"),
  name: MessageName,
  requestId: RequestId,
  version: Version,
});
export type EventHeader = z.infer<typeof EventHeader>;

export const UnsolicitedHeader = z.object({
  type: z.literal("unsolicited"),
  name: MessageName,
  version: Version,
});
export type UnsolicitedHeader = z.infer<typeof UnsolicitedHeader>;

/** What a client may receive. */
export const ServiceHeader = z.discriminatedUnion("type", [
  AcknowledgeHeader,
  CompletionHeader,
  EventHeader,
  UnsolicitedHeader,
]);
export type ServiceHeader = z.infer<typeof ServiceHeader>;

export type Header = CommandHeader | ServiceHeader;

/** A message as it stands on the wire. */
export interface Message {
  header: Header;
  payload?: unknown;
}

/** True where a service that supports `offered` can carry out a command of version `asked`: same major version. */
export function sameMajor(asked: string, offered: string): boolean {
  return asked.slice(0, asked.indexOf(".")) === offered.slice(0, offered.indexOf("."));
}

export const standardPorts: readonly number[] = Array.from({ length: 11 }, (_, index) => 5846 + index);

/** Path of the publisher, and with a service's name behind it of the service. */
export const publisherPath = "/xfs4iot/v1.0";
