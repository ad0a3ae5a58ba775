import type { IncomingMessage, ServerResponse } from "node:http";
import type { FaultEngine } from "../faults/engine.ts";
import { createDevice, type SimulatedDevice, type Wire } from "../wire/device.ts";
import { createHttpConnector } from "../wire/httpConnector.ts";
import { drawPicture } from "./picture.ts";

export interface CameraDevice extends SimulatedDevice {
  port: () => number;
}

/** A network still camera, CAMERA.md: GET /still?position=person|document. */
export const createCameraDevice = (settings: {
  port: number;
  faults: FaultEngine;
  onError: (error: unknown) => void;
}): CameraDevice => {
  let wire: Wire | null = null;
  let shot = 0;
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://camera");
    const position = url.searchParams.get("position");
    if (url.pathname !== "/still" || (position !== "person" && position !== "document") || wire === null) {
      response.writeHead(404).end();
      return;
    }
    shot++;
    const picture = request.method === "HEAD" ? Buffer.alloc(0) : drawPicture(position, shot);
    const fault = request.method === "HEAD" ? null : await wire.at("still.answer");
    // Silence: the request stays open, as a hung camera leaves it.
    if (fault?.type === "silence") return;
    response.writeHead(200, { "content-type": "image/jpeg", "cache-control": "no-store" });
    response.end(
      fault?.type === "half-frame" || fault?.type === "bad-checksum"
        ? picture.subarray(0, picture.length >> 1)
        : picture,
    );
  };
  const connector = createHttpConnector(settings.port, (request, response) => {
    respond(request, response).catch(() => response.destroy());
  });
  const device = createDevice({
    name: "camera",
    faults: settings.faults,
    connect: () => connector,
    boot: (next) => {
      wire = next;
      return { receive: () => undefined, stop: () => (wire = null) };
    },
    reload: () => undefined,
    snapshot: () => ({ shots: shot, port: connector.port() }),
    onError: settings.onError,
  });
  return { ...device, port: connector.port };
};
