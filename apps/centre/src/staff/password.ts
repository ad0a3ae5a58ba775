import { hash } from "@node-rs/argon2";

/** argon2id with OWASP's parameters (Password Storage Cheat Sheet: 19 MiB, 2 iterations, 1 lane). */
export function hashPassword(password: string): Promise<string> {
  return hash(password, { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 });
}
