import { createCipheriv, createDecipheriv } from "node:crypto";
import { sm4 } from "sm-crypto-v2";

export type Algorithm = "sm4" | "aes" | "tdes";
export const blockBytes: Readonly<Record<Algorithm, number>> = { sm4: 16, aes: 16, tdes: 8 };

/** One block or whole blocks in ECB: the primitive on which the rest stands. */
const ecb = (mode: "encrypt" | "decrypt", algorithm: Algorithm, key: Uint8Array, data: Uint8Array): Buffer => {
  if (algorithm === "sm4") {
    const options = { mode: "ecb", padding: "none", output: "array" } as const;
    return Buffer.from(mode === "encrypt" ? sm4.encrypt(data, key, options) : sm4.decrypt(data, key, options));
  }
  const name = algorithm === "aes" ? "aes-128-ecb" : "des-ede-ecb";
  const cipher = mode === "encrypt" ? createCipheriv(name, key, null) : createDecipheriv(name, key, null);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
};

export const encryptBlock = (algorithm: Algorithm, key: Uint8Array, block: Uint8Array): Buffer =>
  ecb("encrypt", algorithm, key, block);

export const xorOf = (a: Uint8Array, b: Uint8Array): Buffer =>
  Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));

/** CBC without padding; the caller gives whole blocks. */
export const cbc = (
  mode: "encrypt" | "decrypt",
  algorithm: Algorithm,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
): Buffer => {
  const size = blockBytes[algorithm];
  if (data.length % size !== 0) throw new RangeError("whole blocks wanted");
  const out: Buffer[] = [];
  let chain: Buffer = Buffer.from(iv.subarray(0, size));
  for (let at = 0; at < data.length; at += size) {
    const block = Buffer.from(data.subarray(at, at + size));
    if (mode === "encrypt") {
      chain = encryptBlock(algorithm, key, xorOf(block, chain));
      out.push(chain);
    } else {
      out.push(xorOf(ecb("decrypt", algorithm, key, block), chain));
      chain = block;
    }
  }
  return Buffer.concat(out);
};

const doubled = (block: Buffer): Buffer => {
  const out = Buffer.alloc(block.length);
  for (let at = 0; at < block.length; at++) out[at] = (((block[at] ?? 0) << 1) | ((block[at + 1] ?? 0) >> 7)) & 0xff;
  if (((block[0] ?? 0) & 0x80) !== 0)
    out[block.length - 1] = (out[block.length - 1] ?? 0) ^ (block.length === 16 ? 0x87 : 0x1b);
  return out;
};

/** CMAC, NIST SP 800-38B. */
export const cmac = (algorithm: Algorithm, key: Uint8Array, message: Uint8Array): Buffer => {
  const size = blockBytes[algorithm];
  const k1 = doubled(encryptBlock(algorithm, key, Buffer.alloc(size)));
  const whole = message.length > 0 && message.length % size === 0;
  const padded = whole ? Buffer.from(message) : Buffer.alloc((Math.floor(message.length / size) + 1) * size);
  if (!whole) {
    padded.set(message);
    padded[message.length] = 0x80;
  }
  const last = padded.subarray(padded.length - size);
  last.set(xorOf(last, whole ? k1 : doubled(k1)));
  return cbc("encrypt", algorithm, key, Buffer.alloc(size), padded).subarray(-size);
};

export const kcvOf = (algorithm: Algorithm, key: Uint8Array): Buffer =>
  encryptBlock(algorithm, key, Buffer.alloc(blockBytes[algorithm])).subarray(0, 3);
