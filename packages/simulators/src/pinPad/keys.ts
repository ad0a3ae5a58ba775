import { type Algorithm, blockBytes, cbc, cmac, kcvOf } from "./cipher.ts";

export const uses = ["master", "pin", "data", "mac"] as const;
export type KeyUse = (typeof uses)[number];
export const algorithms: readonly (Algorithm | null)[] = [null, "sm4", "aes", "tdes"];

export interface StoredKey {
  name: string;
  use: KeyUse;
  algorithm: Algorithm;
  keyHex: string;
}
export interface PadState {
  tampered: boolean;
  keys: StoredKey[];
}
export interface UsableKey {
  use: KeyUse;
  algorithm: Algorithm;
  key: Buffer;
}

/** The keys inside the pad. Nothing here ever answers a clear key. */
export const createKeyStore = (state: () => PadState, commit: () => void, random: (length: number) => Uint8Array) => {
  const find = (name: string): UsableKey | null => {
    const stored = state().keys.find((key) => key.name === name);
    return stored === undefined ? null : { ...stored, key: Buffer.from(stored.keyHex, "hex") };
  };
  const put = (key: StoredKey): void => {
    state().keys = [...state().keys.filter(({ name }) => name !== key.name), key];
    commit();
  };
  /** A variant of the master key for one purpose, so that no purpose opens what another has closed. */
  const variant = (purpose: "wrap" | "tag" | "data"): Buffer | null => {
    const master = find("master");
    return master === null ? null : cmac("sm4", master.key, Buffer.from(purpose));
  };
  const sealKey = (use: KeyUse, algorithm: Algorithm, key: Uint8Array): Buffer | null => {
    const wrap = variant("wrap");
    const tag = variant("tag");
    if (wrap === null || tag === null) return null;
    const iv = random(16);
    const head = Buffer.from([algorithms.indexOf(algorithm), uses.indexOf(use)]);
    const body = Buffer.concat([head, iv, cbc("encrypt", "sm4", wrap, iv, key)]);
    return Buffer.concat([body, cmac("sm4", tag, body).subarray(0, 8)]);
  };
  return {
    find,
    /** The key that CRYPT may use under this name; the master stands for its data variant. */
    forCrypt: (name: string): UsableKey | null => {
      if (name !== "master") {
        const key = find(name);
        return key?.use === "data" ? key : null;
      }
      const key = variant("data");
      return key === null ? null : { use: "data", algorithm: "sm4", key };
    },
    list: () =>
      state().keys.map(({ name, use, algorithm, keyHex }) => ({
        name,
        use,
        kcv: kcvOf(algorithm, Buffer.from(keyHex, "hex")),
      })),
    ensureMaster: (): Buffer => {
      const present = find("master");
      if (present !== null) return kcvOf("sm4", present.key);
      const key = Buffer.from(random(16));
      put({ name: "master", use: "master", algorithm: "sm4", keyHex: key.toString("hex") });
      return kcvOf("sm4", key);
    },
    sealKey,
    /** A key block of PINPAD.md; null when it is not authentic or says another use. */
    importKey: (name: string, use: KeyUse, block: Buffer): Buffer | null => {
      const wrap = variant("wrap");
      const tag = variant("tag");
      const algorithm = algorithms[block[0] ?? 0] ?? null;
      if (wrap === null || tag === null || algorithm === null || block.length !== 42 || name === "master") return null;
      const body = block.subarray(0, 34);
      const authentic = cmac("sm4", tag, body).subarray(0, 8).equals(block.subarray(34));
      if (!authentic || uses[block[1] ?? 0] !== use) return null;
      const key = cbc("decrypt", "sm4", wrap, block.subarray(2, 18), block.subarray(18, 34));
      put({ name, use, algorithm, keyHex: key.toString("hex") });
      return kcvOf(algorithm, key);
    },
    deleteKey: (name: string): void => {
      state().keys = state().keys.filter((key) => key.name !== name);
      commit();
    },
    zeroise: (): void => {
      for (const key of state().keys) key.keyHex = "00".repeat(blockBytes.sm4);
      state().keys = [];
      state().tampered = true;
      commit();
    },
  };
};
export type KeyStore = ReturnType<typeof createKeyStore>;
