import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { PinPadPort } from "../devices/ports.ts";

const Wrapped = z.object({ version: z.literal(1), iv: z.string(), wrapped: z.string(), check: z.string() });

/** The store cannot be opened: the pad zeroised its keys, or another pad was put in. Only a new enrolment helps. */
export class KeyLostError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "KeyLostError";
  }
}

/**
 * The data key of the store, in memory only. On disk lies its form wrapped by the PIN pad's master key, which never
 * leaves the pad: disk and pad apart are worth nothing (requirement T5).
 */
export async function unwrapDataKey(dataDir: string, pinPad: PinPadPort): Promise<Uint8Array> {
  const file = join(dataDir, "data-key.json");
  if (await pinPad.isTampered()) throw new KeyLostError("the PIN pad reports tampering and has erased its keys");
  if (!existsSync(file)) {
    if (existsSync(join(dataDir, "store.db")))
      throw new KeyLostError("the wrapped data key is gone, the store cannot be opened");
    await pinPad.ensureMasterKey();
    const key = randomBytes(32);
    const iv = randomBytes(16);
    const wrapped = await pinPad.wrap(key, iv);
    await writeDurably(
      file,
      JSON.stringify({
        version: 1,
        iv: iv.toString("hex"),
        wrapped: Buffer.from(wrapped).toString("hex"),
        check: checkValue(key),
      }),
    );
    return key;
  }
  const parsed = Wrapped.parse(JSON.parse(await readFile(file, "utf8")));
  const key = await pinPad
    .unwrap(Buffer.from(parsed.wrapped, "hex"), Buffer.from(parsed.iv, "hex"))
    .catch((cause: unknown) => {
      throw new KeyLostError("the PIN pad cannot unwrap the data key", { cause });
    });
  if (checkValue(key) !== parsed.check)
    throw new KeyLostError("the PIN pad's master key is another than the one that wrapped the data key");
  return key;
}

/** A fingerprint that tells a right key from a wrong one and nothing else. */
function checkValue(key: Uint8Array): string {
  return createHash("sha256").update("gridhall data key check").update(key).digest("hex").slice(0, 12);
}

/** File, then name, then directory: after a power cut either the old or the new content is there, whole. */
export async function writeDurably(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.new`;
  const handle = await open(partial, "w", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, file);
  const directory = await open(dirname(file), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
