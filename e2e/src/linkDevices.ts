import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createSigningRequest, issueDeviceCertificate, type KeyAndCertificate } from "@gridhall/link/identity.ts";
import { openOutbox, type Outbox } from "@gridhall/link/outbox.ts";
import { openStore } from "@gridhall/link/store.ts";
import { startUplink, type Uplink } from "@gridhall/link/uplink.ts";
import type { Books } from "./books.ts";
import type { Town } from "./town.ts";

/** The link's end of a kiosk and nothing else: a durable outbox and the real uplink with a certificate of its own. */
export interface LinkDevice extends AsyncDisposable {
  readonly deviceId: string;
  readonly outbox: Outbox;
  /** In one durable transaction, as business rows would be. */
  put(count: number, make: (index: number) => unknown): void;
  connect(): void;
}

/** Certificates straight from the centre's authority: enrolment by code is tested elsewhere, and is rate limited. */
export async function createLinkDevices(
  town: Town,
  books: Books,
  count: number,
  port: (index: number) => number,
): Promise<LinkDevice[]> {
  const authority = JSON.parse(
    readFileSync(join(town.dir, "centre", "centre", "authority.json"), "utf8"),
  ) as KeyAndCertificate;
  const [hall] = await books.query<{ path: string }>(
    "select path::text from unit where kind = 'hall' order by path limit 1",
  );
  const dir = join(town.dir, `link-${randomUUID().slice(0, 8)}`);
  mkdirSync(dir, { recursive: true });
  const devices: LinkDevice[] = [];
  for (let index = 0; index < count; index += 1) {
    const deviceId = `link-${randomUUID().slice(0, 8)}-${index}`;
    const serial = (index + 1).toString(16).padStart(4, "0") + randomUUID().replaceAll("-", "").slice(0, 20);
    const issued = `5${serial}`;
    const { keyPem, requestPem } = await createSigningRequest(deviceId);
    const { certificatePem } = await issueDeviceCertificate(authority, requestPem, deviceId, issued, Date.now());
    await books.query(
      "insert into device (device_id, unit_path, kind, name_zh, name_en, profile, enrolled_at, certificate_serial) values ($1, $2, 'kiosk', $1, $1, 'standard', now(), $3)",
      [deviceId, hall?.path ?? "p", issued.replace(/^0+/, "")],
    );
    const store = openStore(join(dir, `${deviceId}.db`), null);
    const outbox = openOutbox(
      store,
      { bootId: "boot", wallMs: () => Date.now(), monoMs: () => performance.now() },
      () => randomUUID(),
    );
    let uplink: Uplink | null = null;
    devices.push({
      deviceId,
      outbox,
      put: store.transaction((events: number, make: (index: number) => unknown) => {
        for (let i = 0; i < events; i += 1) outbox.put("traces", "probe", make(i));
      }),
      connect() {
        uplink = startUplink({
          url: `mqtts://127.0.0.1:${port(index)}`,
          deviceId,
          tls: { ca: authority.certificatePem, cert: certificatePem, key: keyPem },
          outbox,
          logger: { info() {}, warn() {} },
          wallMs: () => Date.now(),
          newId: () => randomUUID(),
          random: Math.random,
          onCommand: async () => ({ outcome: "done", detail: "" }),
        });
      },
      async [Symbol.asyncDispose]() {
        await uplink?.[Symbol.asyncDispose]();
        store.close();
      },
    });
  }
  return devices;
}
