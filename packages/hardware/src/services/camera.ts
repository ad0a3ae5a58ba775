import type { CameraDriver } from "../drivers/contracts.ts";
import { refusal } from "../protocol/commandFailure.ts";
import { toBase64 } from "../protocol/define.ts";
import type { CameraName } from "../protocol/interfaces/camera.ts";
import type { Behaviour, Device } from "./behaviour.ts";

/** Which way a kiosk's cameras look. */
const positions: Partial<Record<CameraName, "person" | "document">> = { person: "person", "X-document": "document" };

/** Cameras: the customer's face, and papers under the document camera. */
export function behaveAsCamera(device: Device<CameraDriver>): Behaviour<CameraDriver> {
  return {
    interfaces: ["Camera"],
    handlers: {
      "Camera.TakePicture": async ({ camera, camData }, { signal, event }) => {
        const position = positions[camera];
        if (position === undefined) throw refusal("cameraNotSupported", `there is no camera "${camera}"`);
        // No text is ever painted into a picture that a face is to be matched with.
        if (camData !== undefined) event("Camera.InvalidDataEvent", {});
        return { pictureFile: toBase64(await device.driver().takePicture(position, signal)) };
      },
      "Camera.Reset": async (_payload, { signal }) => {
        await device.driver().reset(signal);
        return {};
      },
    },
    status: () => ({ camera: { cameras: { person: "ok", "X-document": "ok" } } }),
    capabilities: () => ({
      camera: {
        type: "cam",
        cameras: { person: true, "X-document": true },
        camData: { autoAdd: false, manAdd: false },
        pictureFile: true,
      },
    }),
  };
}
