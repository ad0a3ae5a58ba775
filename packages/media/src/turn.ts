import { createHmac } from "node:crypto";
import type { IceServer } from "@gridhall/domain/media/schema.ts";

export interface TurnOptions {
  /** Such as `turn:turn.example:3478?transport=udp`. */
  urls: readonly string[];
  /** coturn's `static-auth-secret`. */
  secret: string;
  /** How long a credential may be used to begin a relay; one in use is not cut off. */
  ttlMs: number;
}

/**
 * A credential that coturn checks by itself (`use-auth-secret`, draft-uberti-behave-turn-rest-00 §2.2): the name says until
 * when it counts and whose it is, the password is its HMAC.
 */
export function turnServer(options: TurnOptions, id: string, nowMs: number): IceServer {
  const username = `${Math.floor((nowMs + options.ttlMs) / 1000)}:${id}`;
  const credential = createHmac("sha1", options.secret).update(username).digest("base64");
  return { urls: [...options.urls], username, credential };
}
