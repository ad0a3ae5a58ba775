import { createHmac } from "node:crypto";
import type { IceServer } from "@gridhall/domain/media/schema.ts";
import type { MediaEngine } from "@gridhall/media/engine.ts";
import { startSfu } from "@gridhall/media/sfu/engine.ts";
import type { Config } from "../config.ts";

/** How long TURN credentials are good for: longer than any call, shorter than a shift. */
const TURN_TTL_S = 4 * 3600;

/** The media server that the configuration names. */
export async function openMedia(
  config: Config["media"],
  nowMs: () => number,
): Promise<{ engine: MediaEngine; iceServers: (() => readonly IceServer[]) | undefined }> {
  const { turn } = config;
  const iceServers = turn
    ? () => {
        // The TURN REST API that coturn calls use-auth-secret: the name is the second it ends, the password its HMAC.
        const username = `${Math.floor(nowMs() / 1000) + TURN_TTL_S}:gridhall`;
        const credential = createHmac("sha1", turn.secret).update(username).digest("base64");
        return [{ urls: [...turn.urls], username, credential }];
      }
    : undefined;
  const engine = await startSfu({
    children: config.processes,
    firstPort: config.firstPort,
    bindAddress: config.host,
    ...(config.publicHost ? { publicAddress: config.publicHost } : {}),
  });
  return { engine, iceServers };
}
