import type { DeviceTrouble } from "@gridhall/domain/seats/callView.ts";

/** The terminal's camera or microphone, opened for one call. */
export interface Device {
  /** Also while it is still being opened: whatever comes then is stopped at once. */
  close(): void;
}

export interface DeviceEvents {
  /** Called when it opens, and with null when it fails or is unplugged; it is tried again when devices come and go. */
  onChange(track: MediaStreamTrack | null, trouble: DeviceTrouble): void;
}

const CAMERA: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 25, max: 30 },
  facingMode: "user",
};
const MICROPHONE: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** Each device on its own: a terminal without a camera still talks, one without a microphone still sees. */
export function openDevice(kind: "camera" | "microphone", events: DeviceEvents): Device {
  let closed = false;
  let opening = false;
  let track: MediaStreamTrack | null = null;
  // Absent where the page is not served from loopback or over TLS.
  const devices = navigator.mediaDevices as MediaDevices | undefined;

  const open = async (): Promise<void> => {
    if (closed || opening || track) return;
    if (!devices) return events.onChange(null, "absent");
    opening = true;
    try {
      const stream = await devices.getUserMedia(kind === "camera" ? { video: CAMERA } : { audio: MICROPHONE });
      const [opened] = stream.getTracks();
      if (!opened) throw new DOMException("no track", "NotFoundError");
      if (closed) return opened.stop();
      track = opened;
      opened.addEventListener("ended", () => {
        if (closed || track !== opened) return;
        track = null;
        events.onChange(null, "broken");
      });
      events.onChange(opened, "ok");
    } catch (cause) {
      if (!closed) events.onChange(null, troubleOf(cause));
    } finally {
      opening = false;
    }
  };
  const again = () => void open();
  devices?.addEventListener("devicechange", again);
  void open();

  return {
    close() {
      closed = true;
      devices?.removeEventListener("devicechange", again);
      track?.stop();
      track = null;
    },
  };
}

export function troubleOf(cause: unknown): DeviceTrouble {
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError") return "absent";
  return "broken";
}
