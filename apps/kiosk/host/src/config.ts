import { readFile } from "node:fs/promises";
import { z } from "zod";

const Text = z.object({ zh: z.string(), en: z.string() });

/** What makes one terminal differ from another: a file on its disk, replaced only by a signed configuration update. */
export const KioskConfig = z.object({
  version: z.string().min(1),
  name: Text,
  hall: Text,
  hotline: z.string().default("95598"),
  centreUrl: z.url(),
  /** A relay on this machine that stands before the centre's link (a hall's VPN gateway, a test's proxy). */
  linkProxyPort: z.number().int().min(1).max(65535).nullable().default(null),
  ui: z.object({ host: z.literal("127.0.0.1").default("127.0.0.1"), port: z.number().int().min(0).max(65535) }),
  /** Where the hardware publisher listens; without it the standard ports 5846–5856 are searched. */
  publisherPort: z.number().int().min(1).max(65535).nullable(),
  /** XFS4IoT service names of this terminal's devices; null where it has none. */
  services: z.object({
    pinPad: z.string(),
    cash: z.string().nullable(),
    idCard: z.string().nullable(),
    scanner: z.string().nullable(),
    receipt: z.string().nullable(),
    page: z.string().nullable(),
    cabinet: z.string().nullable(),
  }),
  idleSeconds: z.number().positive().default(60),
  warningSeconds: z.number().positive().default(15),
  /** How long the cash device may stay silent before its money becomes an open case. */
  evidencePatienceSeconds: z.number().positive().default(120),
});
export type KioskConfig = z.infer<typeof KioskConfig>;

export interface HostSettings {
  dataDir: string;
  uiDir: string;
  config: KioskConfig;
  /** A one-time code, needed at the first start only. */
  enrolmentCode: string | null;
  /** Lets a test end this process at a chosen journal write; never set in a hall. */
  testHooks: boolean;
  logLevel: string;
}

const Environment = z.object({
  GRIDHALL_DATA: z.string().min(1),
  GRIDHALL_KIOSK_CONFIG: z.string().min(1),
  GRIDHALL_KIOSK_UI: z.string().min(1),
  GRIDHALL_ENROLMENT_CODE: z.string().optional(),
  GRIDHALL_TEST_HOOKS: z.enum(["0", "1"]).default("0"),
  GRIDHALL_LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
});

/** Parses environment and configuration file, or throws an error that names every field at fault. */
export async function readSettings(environment: Record<string, string | undefined>): Promise<HostSettings> {
  const env = Environment.safeParse(environment);
  if (!env.success) throw new Error(`configuration:\n${z.prettifyError(env.error)}`);
  const file = env.data.GRIDHALL_KIOSK_CONFIG;
  const config = KioskConfig.safeParse(JSON.parse(await readFile(file, "utf8")));
  if (!config.success) throw new Error(`${file}:\n${z.prettifyError(config.error)}`);
  return {
    dataDir: env.data.GRIDHALL_DATA,
    uiDir: env.data.GRIDHALL_KIOSK_UI,
    config: config.data,
    enrolmentCode: env.data.GRIDHALL_ENROLMENT_CODE ?? null,
    testHooks: env.data.GRIDHALL_TEST_HOOKS === "1",
    logLevel: env.data.GRIDHALL_LOG_LEVEL,
  };
}
