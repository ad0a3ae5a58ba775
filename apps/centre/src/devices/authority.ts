import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createAuthority, issueServerCertificate, type KeyAndCertificate } from "@gridhall/link/identity.ts";

export interface Authority extends KeyAndCertificate {
  server: KeyAndCertificate;
}

/** The installation's certificate authority, made at the first start and kept beside the data (mode 0600). */
export async function openAuthority(dir: string, hosts: readonly string[], nowMs: number): Promise<Authority> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, "authority.json");
  const authority = existsSync(file)
    ? (JSON.parse(await readFile(file, "utf8")) as KeyAndCertificate)
    : await writeSecret(file, await createAuthority("GridHall devices", newSerial(), nowMs));
  // The server's certificate is cheap and short-lived: a new one at each start.
  return { ...authority, server: await issueServerCertificate(authority, hosts, newSerial(), nowMs) };
}

/** A positive 127-bit number in hexadecimal, without a leading zero byte. */
export function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}

async function writeSecret(file: string, value: KeyAndCertificate): Promise<KeyAndCertificate> {
  await writeFile(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return value;
}
