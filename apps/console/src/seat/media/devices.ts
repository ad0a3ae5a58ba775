/** Which camera, microphone and loudspeaker this workplace uses: chosen once, remembered in the browser. */
export type DeviceKind = "camera" | "microphone" | "speaker";

export const BROWSER_KIND: Record<DeviceKind, MediaDeviceKind> = {
  camera: "videoinput",
  microphone: "audioinput",
  speaker: "audiooutput",
};
const STORED_AS = "gridhall.seat.device.";

export function chosenDevice(kind: DeviceKind): string | null {
  return localStorage.getItem(STORED_AS + kind);
}

export function rememberDevice(kind: DeviceKind, deviceId: string | null): void {
  if (deviceId === null) localStorage.removeItem(STORED_AS + kind);
  else localStorage.setItem(STORED_AS + kind, deviceId);
}

/** Browsers keep this from pages that were opened over plain http from another machine. */
export function canCapture(): boolean {
  return "mediaDevices" in navigator;
}

export type OwnTrouble = "ok" | "off" | "denied" | "absent" | "broken" | "insecure";

export function troubleOf(cause: unknown): OwnTrouble {
  const name = cause instanceof DOMException ? cause.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "absent";
  return "broken";
}

/** Opens the chosen device; where it is not there any more, whichever there is. */
export async function openDevice(kind: "camera" | "microphone"): Promise<MediaStreamTrack> {
  const wanted = chosenDevice(kind);
  try {
    return await open(kind, wanted);
  } catch (cause) {
    if (wanted === null || troubleOf(cause) === "denied") throw cause;
    return open(kind, null);
  }
}

async function open(kind: "camera" | "microphone", deviceId: string | null): Promise<MediaStreamTrack> {
  const exact = deviceId === null ? {} : { deviceId: { exact: deviceId } };
  const stream = await navigator.mediaDevices.getUserMedia(
    kind === "camera"
      ? { video: { ...exact, width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 20, max: 25 } } }
      : { audio: { ...exact, echoCancellation: true, noiseSuppression: true, autoGainControl: true } },
  );
  const [track] = stream.getTracks();
  if (!track) throw new DOMException("no track", "NotFoundError");
  return track;
}
