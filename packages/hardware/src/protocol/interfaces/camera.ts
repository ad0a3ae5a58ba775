import { z } from "zod";
import { Base64, command, event } from "../define.ts";

/** The standard's cameras, and our document camera, which it has no name for. */
export const CameraName = z.enum(["room", "person", "exitSlot", "X-document"]);
export type CameraName = z.infer<typeof CameraName>;

export const cameraCommands = {
  "Camera.TakePicture": command({
    version: "2.0",
    completionVersion: "3.0",
    effect: "read",
    payload: { camera: CameraName, camData: z.string().max(200).optional() },
    /** JPEG. */
    result: { pictureFile: Base64 },
    errors: ["cameraNotSupported", "mediaFull", "cameraInoperable", "filenameInvalid"],
  }),
  "Camera.Reset": command({ version: "2.0", effect: "move" }),
};

export const cameraEvents = {
  /** The text for the picture was ignored; the picture is taken nevertheless. */
  "Camera.InvalidDataEvent": event("2.0"),
};
