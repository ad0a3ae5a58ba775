import { z } from "zod";
import type { TransportOf } from "../../transports/config.ts";
import type { DriverConfig, DriverLogger } from "../config.ts";
import { type CameraDriver, DeviceError } from "../contracts.ts";
import { cancelled, pause, throwIfAborted } from "../line/abort.ts";
import { createPresence, requestOnly } from "../line/presence.ts";
import { createBrowserBridge } from "./browserBridge.ts";

const Options = z.object({
  answerTimeoutMs: z.int().min(50).max(60_000).default(3_000),
  retries: z.int().min(0).max(10).default(2),
  heartbeatMs: z.int().min(100).max(60_000).default(5_000),
});

type Position = "person" | "document";
interface StillSource extends AsyncDisposable {
  /** Rejects when the camera cannot be reached. */
  ping: (signal: AbortSignal) => Promise<void>;
  take: (position: Position, signal: AbortSignal) => Promise<Uint8Array>;
}

const isJpeg = (bytes: Uint8Array): boolean =>
  bytes.length > 4 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9;

const overHttp = (transport: TransportOf<"tcp">, timeoutMs: number): StillSource => {
  const get = async (path: string, method: "GET" | "HEAD", signal: AbortSignal): Promise<Uint8Array> => {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(`http://${transport.host}:${transport.port}${path}`, {
        method,
        signal: AbortSignal.any([signal, timeout]),
      });
      if (!response.ok) throw new DeviceError("refused", `camera: HTTP ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      if (error instanceof DeviceError) throw error;
      if (signal.aborted) throw cancelled("taking a picture");
      throw new DeviceError(timeout.aborted ? "timeout" : "offline", "camera: no answer", {}, { cause: error });
    }
  };
  return {
    ping: async (signal) => void (await get("/still?position=person", "HEAD", signal)),
    take: (position, signal) => get(`/still?position=${position}`, "GET", signal),
    [Symbol.asyncDispose]: async () => undefined,
  };
};

/** Still pictures from a network camera, or from the camera that the kiosk UI's browser owns; see CAMERA.md. */
export const createStillCamera = (config: DriverConfig, logger: DriverLogger): CameraDriver => {
  const options = Options.parse(config.options);
  const { transport } = config;
  let source: StillSource;
  if (transport.type === "tcp") source = overHttp(transport, options.answerTimeoutMs);
  else if (transport.type === "browser-bridge") {
    const bridge = createBrowserBridge(transport);
    bridge.onConnected(() => presence.beatNow());
    source = {
      ping: async () => {
        if (!bridge.connected()) throw new DeviceError("offline", "camera: no browser holds the bridge");
      },
      take: (position, signal) => bridge.take(position, options.answerTimeoutMs, signal),
      [Symbol.asyncDispose]: () => bridge[Symbol.asyncDispose](),
    };
  } else throw new Error(`transport.type: still-camera needs tcp or browser-bridge`);
  const presence = createPresence({
    name: "camera",
    line: requestOnly,
    logger,
    everyMs: () => options.heartbeatMs,
    beat: async (signal) => {
      await source.ping(signal);
      return "online";
    },
  });

  return {
    kind: "camera",
    model: transport.type === "tcp" ? "network still camera" : "browser camera",
    state: presence.state,
    onState: presence.onState,
    takePicture: async (position, signal) => {
      throwIfAborted(signal, "taking a picture");
      for (let left = options.retries; ; left--) {
        try {
          const picture = await source.take(position, signal);
          if (isJpeg(picture)) return picture;
          throw new DeviceError("media-error", "camera: the picture is no complete JPEG");
        } catch (error) {
          if (left <= 0 || (error instanceof DeviceError && error.code === "cancelled")) throw error;
          await pause(100, signal, "taking a picture");
        }
      }
    },
    reset: async (signal) => {
      await source.ping(signal);
      return { mediaInside: false };
    },
    selfTest: async (signal) => {
      await source.ping(signal);
      return { ok: true, detail: "reachable" };
    },
    [Symbol.asyncDispose]: async () => {
      await presence[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
    },
  };
};
