import { z } from "zod";
import { command, unsolicited } from "../define.ts";
import { Capabilities } from "./capabilities.ts";
import { Status, StatusChange } from "./status.ts";

const Versions = z.record(z.string().regex(/^(X-)?[0-9A-Za-z]+\.[0-9A-Za-z]+$/), z.int().min(1));

export const commonCommands = {
  "Common.Status": command({
    version: "2.0",
    completionVersion: "3.0",
    effect: "read",
    lane: "immediate",
    result: Status,
  }),
  "Common.Capabilities": command({
    version: "2.0",
    completionVersion: "3.0",
    effect: "read",
    lane: "immediate",
    result: Capabilities,
  }),
  /** Cancels the sender's own commands, queued and running: those named, or all of them. */
  "Common.Cancel": command({
    version: "2.0",
    effect: "read",
    lane: "immediate",
    payload: { requestIds: z.array(z.int().min(1)).min(1).optional() },
    errors: ["noMatchingRequestIDs"],
  }),
  /** The major versions of messages that the client will use; all others keep the newest. */
  "Common.SetVersions": command({
    version: "2.0",
    effect: "read",
    lane: "immediate",
    payload: { commands: Versions.optional(), events: Versions.optional() },
  }),
  "Common.GetCommandNonce": command({
    version: "2.0",
    effect: "read",
    lane: "immediate",
    result: { commandNonce: z.string().regex(/^[0-9A-F]{32}$/) },
  }),
  "Common.ClearCommandNonce": command({ version: "2.0", effect: "read", lane: "immediate" }),
};

export const commonEvents = {
  /** Only what has changed. */
  "Common.StatusChangedEvent": unsolicited("3.0", StatusChange),
  "Common.ErrorEvent": unsolicited("2.0", {
    eventId: z.enum(["hardware", "software", "user", "fraudAttempt"]),
    action: z.enum(["reset", "softwareError", "configuration", "clear", "maintenance", "suspend"]).optional(),
    vendorDescription: z.string().optional(),
  }),
  "Common.NonceClearedEvent": unsolicited("2.0", { reasonDescription: z.string() }),
};
