import type { IceServer } from "@gridhall/domain/media/schema.ts";
import type { MediaEngine } from "@gridhall/media/engine.ts";
import { startJanus } from "@gridhall/media/janus/engine.ts";
import { startSfu } from "@gridhall/media/sfu/engine.ts";
import { turnServer } from "@gridhall/media/turn.ts";
import type { Config } from "../config.ts";

/** How long TURN credentials are good for: longer than any call, shorter than a shift. */
const TURN_TTL_MS = 4 * 3_600_000;

/** The media server that the configuration names. */
export async function openMedia(
  config: Config["media"],
  nowMs: () => number,
): Promise<{ engine: MediaEngine; iceServers: (() => readonly IceServer[]) | undefined }> {
  const { turn, janus } = config;
  const iceServers = turn ? () => [turnServer({ ...turn, ttlMs: TURN_TTL_MS }, "gridhall", nowMs())] : undefined;
  const engine = janus
    ? await startJanus(janus)
    : await startSfu({
        children: config.processes,
        firstPort: config.firstPort,
        bindAddress: config.host,
        ...(config.publicHost ? { publicAddress: config.publicHost } : {}),
      });
  return { engine, iceServers };
}
