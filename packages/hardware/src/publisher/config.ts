import { z } from "zod";
import { type DriverKind, drivers } from "../drivers/registry.ts";
import { TransportConfig } from "../transports/config.ts";

const kinds = ["idCard", "chipCard", "cash", "printer", "barcode", "pinPad", "camera", "auxiliaries"] as const;
type KindsAreComplete = DriverKind extends (typeof kinds)[number] ? true : never;
kinds satisfies readonly DriverKind[];
true satisfies KindsAreComplete;

const DeviceConfig = z
  .object({
    /** Name of the service, the last part of its URI. */
    service: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z_-]{0,40}$/, "letters, digits, _ and - only, e.g. IdCard1"),
    kind: z.enum(kinds),
    driver: z.string(),
    transport: TransportConfig,
    /** The driver's own options. */
    options: z.record(z.string(), z.unknown()).default({}),
    /** cash: notes that the acceptor takes, in fen. */
    acceptsFen: z.array(z.int().min(1)).min(1).optional(),
    /** How many commands may wait before the service answers tooManyRequests. */
    maximumRequests: z.int().min(1).max(1_000).optional(),
  })
  .check(({ value, issues }) => {
    const entry = Object.hasOwn(drivers, value.driver) ? drivers[value.driver] : undefined;
    const fault = (path: string, message: string): void => {
      issues.push({ code: "custom", path: [path], message, input: value });
    };
    if (entry?.kind !== value.kind) {
      const fitting = Object.keys(drivers).filter((name) => drivers[name]?.kind === value.kind);
      return fault(
        "driver",
        `"${value.driver}" is no ${value.kind} driver; choose one of: ${fitting.join(", ") || "none"}`,
      );
    }
    if (!entry.transports.includes(value.transport.type)) {
      fault(
        "transport",
        `"${value.driver}" cannot use ${value.transport.type}; choose one of: ${entry.transports.join(", ")}`,
      );
    }
    if (value.acceptsFen !== undefined && value.kind !== "cash") fault("acceptsFen", "only cash devices take notes");
  });

/** CONFIG.json of the publisher. */
export const PublisherConfig = z
  .object({
    vendorName: z.string().min(1).default("GridHall"),
    host: z.string().min(1).default("127.0.0.1"),
    /** Absent: the first free of the standard's ports 5846–5856. 0: any. */
    port: z.int().min(0).max(65_535).optional(),
    logLevel: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
    devices: z.array(DeviceConfig),
  })
  .check(({ value, issues }) => {
    const seen = new Set<string>();
    for (const [index, { service }] of value.devices.entries()) {
      if (seen.has(service)) {
        const message = `"${service}" is used twice; give each device its own name`;
        issues.push({ code: "custom", path: ["devices", index, "service"], message, input: value });
      }
      seen.add(service);
    }
  });
export type PublisherConfig = z.infer<typeof PublisherConfig>;

export type ReadConfig = { ok: true; config: PublisherConfig } | { ok: false; faults: string[] };

/** Reads CONFIG.json. Answers every fault, each with the field that it is in, not only the first. */
export function readPublisherConfig(text: string): ReadConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { ok: false, faults: [`not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const parsed = PublisherConfig.safeParse(json);
  if (parsed.success) return { ok: true, config: parsed.data };
  return {
    ok: false,
    faults: parsed.error.issues.map(({ path, message }) => `${path.join(".") || "config"}: ${message}`),
  };
}
