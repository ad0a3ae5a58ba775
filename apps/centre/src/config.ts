import { z } from "zod";

const Port = z.coerce.number().int().min(0).max(65535);

/** The only place of the centre that reads the environment. All faults are printed at once. */
const Environment = z.object({
  GRIDHALL_DATA: z.string().min(1).default(".data"),
  GRIDHALL_HTTP_HOST: z.string().default("127.0.0.1"),
  GRIDHALL_HTTP_PORT: Port.default(7000),
  GRIDHALL_LINK_HOST: z.string().default("127.0.0.1"),
  GRIDHALL_LINK_PORT: Port.default(7001),
  GRIDHALL_POSTGRES_PORT: Port.default(7002),
  /** Owner's URL of an existing server, for migrations; without it the embedded PostgreSQL is started. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** The application's role on that server; default: the owner's URL with `role=gridhall_app`. */
  DATABASE_APP_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** An external MQTT broker instead of the embedded one: `mqtts://host:8883`. */
  GRIDHALL_BROKER_URL: z.string().optional(),
  /** Public address of the console, for links, cookies and the origin check. */
  GRIDHALL_PUBLIC_URL: z.url().optional(),
  GRIDHALL_TLS_CERT: z.string().optional(),
  GRIDHALL_TLS_KEY: z.string().optional(),
  /** JSON file with the acquirers' endpoints, merchant ids and key files. */
  GRIDHALL_ACQUIRERS: z.string().optional(),
  /** Seed the demo town (units, kiosks, accounts, staff) into an empty database. */
  GRIDHALL_DEMO_TOWN: z.enum(["0", "1"]).default("0"),
  /** Account searches that one terminal may make a minute: slows down whoever harvests account numbers. */
  GRIDHALL_SEARCHES_PER_MINUTE: z.coerce.number().int().positive().default(20),
  /** `optional`: administrators may do without an authenticator. For demonstrations and tests, never for real money. */
  GRIDHALL_ADMIN_TOTP: z.enum(["required", "optional"]).default("required"),
  GRIDHALL_CONSOLE_DIR: z.string().optional(),
  /** UDP ports of the embedded media server, one a process, from this one on; 0: free ones. */
  GRIDHALL_MEDIA_PORT: Port.default(0),
  GRIDHALL_MEDIA_PROCESSES: z.coerce.number().int().min(1).max(64).default(1),
  /** Where browsers reach it, and what they are told instead behind a one-to-one NAT. */
  GRIDHALL_MEDIA_HOST: z.string().default("127.0.0.1"),
  GRIDHALL_MEDIA_PUBLIC_HOST: z.string().optional(),
  /** WebSocket addresses of Janus servers, comma-separated, instead of the embedded media server: `ws://host:8188`. */
  GRIDHALL_JANUS_URLS: z
    .string()
    .transform((text) => text.split(",").map((url) => url.trim()))
    .pipe(z.array(z.url({ protocol: /^wss?$/ })).min(1))
    .optional(),
  /** Address of this node that Janus forwards recorded packets to. */
  GRIDHALL_JANUS_RECORD_HOST: z.string().default("127.0.0.1"),
  /** TURN servers, comma-separated (`turn:host:3478?transport=udp`), and the secret they share with us (coturn `use-auth-secret`). */
  GRIDHALL_TURN_URLS: z.string().optional(),
  GRIDHALL_TURN_SECRET: z.string().min(8).optional(),
  /** How long recordings of calls are kept. */
  GRIDHALL_RECORDING_DAYS: z.coerce.number().int().min(1).max(3650).default(90),
  /** `nats://host:4222` carries hints between several centre nodes. */
  GRIDHALL_NATS_URL: z.string().optional(),
  GRIDHALL_LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});

export interface Config {
  dataDir: string;
  http: { host: string; port: number; publicUrl: string | null; tls: { certFile: string; keyFile: string } | null };
  link: { host: string; port: number; brokerUrl: string | null };
  database: { kind: "embedded"; port: number } | { kind: "external"; ownerUrl: string; appUrl: string };
  acquirersFile: string | null;
  demoTown: boolean;
  searchesPerMinute: number;
  adminTotp: "required" | "optional";
  consoleDir: string | null;
  media: {
    janus: { urls: readonly string[]; recordHost: string } | null;
    firstPort: number;
    processes: number;
    host: string;
    publicHost: string | null;
    turn: { urls: readonly string[]; secret: string } | null;
  };
  recordingDays: number;
  natsUrl: string | null;
  logLevel: "debug" | "info" | "warn" | "error";
}

/** Parses the environment, or throws an error that names each variable at fault and its remedy. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const parsed = Environment.safeParse(environment);
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  if (Boolean(environment["GRIDHALL_TLS_CERT"]) !== Boolean(environment["GRIDHALL_TLS_KEY"]))
    faults.push("GRIDHALL_TLS_CERT and GRIDHALL_TLS_KEY: set both or neither");
  if (Boolean(environment["GRIDHALL_TURN_URLS"]) !== Boolean(environment["GRIDHALL_TURN_SECRET"]))
    faults.push("GRIDHALL_TURN_URLS and GRIDHALL_TURN_SECRET: set both or neither");
  if (!parsed.success || faults.length > 0) throw new Error(`configuration:\n  ${faults.join("\n  ")}`);
  const env = parsed.data;
  return {
    dataDir: env.GRIDHALL_DATA,
    http: {
      host: env.GRIDHALL_HTTP_HOST,
      port: env.GRIDHALL_HTTP_PORT,
      publicUrl: env.GRIDHALL_PUBLIC_URL ?? null,
      tls:
        env.GRIDHALL_TLS_CERT && env.GRIDHALL_TLS_KEY
          ? { certFile: env.GRIDHALL_TLS_CERT, keyFile: env.GRIDHALL_TLS_KEY }
          : null,
    },
    link: { host: env.GRIDHALL_LINK_HOST, port: env.GRIDHALL_LINK_PORT, brokerUrl: env.GRIDHALL_BROKER_URL ?? null },
    database: env.DATABASE_URL
      ? { kind: "external", ownerUrl: env.DATABASE_URL, appUrl: env.DATABASE_APP_URL ?? withRole(env.DATABASE_URL) }
      : { kind: "embedded", port: env.GRIDHALL_POSTGRES_PORT },
    acquirersFile: env.GRIDHALL_ACQUIRERS ?? null,
    demoTown: env.GRIDHALL_DEMO_TOWN === "1",
    adminTotp: env.GRIDHALL_ADMIN_TOTP,
    searchesPerMinute: env.GRIDHALL_SEARCHES_PER_MINUTE,
    consoleDir: env.GRIDHALL_CONSOLE_DIR ?? null,
    media: {
      janus: env.GRIDHALL_JANUS_URLS
        ? { urls: env.GRIDHALL_JANUS_URLS, recordHost: env.GRIDHALL_JANUS_RECORD_HOST }
        : null,
      firstPort: env.GRIDHALL_MEDIA_PORT,
      processes: env.GRIDHALL_MEDIA_PROCESSES,
      host: env.GRIDHALL_MEDIA_HOST,
      publicHost: env.GRIDHALL_MEDIA_PUBLIC_HOST ?? null,
      turn:
        env.GRIDHALL_TURN_URLS && env.GRIDHALL_TURN_SECRET
          ? { urls: env.GRIDHALL_TURN_URLS.split(",").map((url) => url.trim()), secret: env.GRIDHALL_TURN_SECRET }
          : null,
    },
    recordingDays: env.GRIDHALL_RECORDING_DAYS,
    natsUrl: env.GRIDHALL_NATS_URL ?? null,
    logLevel: env.GRIDHALL_LOG_LEVEL,
  };
}

function withRole(url: string): string {
  const withOptions = new URL(url);
  withOptions.searchParams.set("options", "-c role=gridhall_app");
  return withOptions.href;
}
