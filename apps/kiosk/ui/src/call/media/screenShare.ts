import type { DeviceTrouble } from "@gridhall/domain/seats/callView.ts";
import { maskScreen, type MaskedScreen, type Masks } from "@gridhall/media/client/maskedScreen.ts";
import { troubleOf } from "./devices.ts";

/** The terminal's own page as a picture, with what is nobody's business painted black. */
export interface ScreenShare {
  close(): void;
}

export interface ScreenEvents {
  /** `needsTouch`: the browser gives the picture only after a touch; the next one, anywhere, will do. */
  onChange(track: MediaStreamTrack | null, trouble: DeviceTrouble, needsTouch: boolean): void;
}

/** Chromium's own: this page and no other, without a choice of windows (`--auto-accept-this-tab-capture`). */
const OWN_PAGE: DisplayMediaStreamOptions & { preferCurrentTab: boolean; selfBrowserSurface: "include" } = {
  video: { frameRate: 15 },
  audio: false,
  preferCurrentTab: true,
  selfBrowserSurface: "include",
};

export function shareScreen(masks: () => Masks | null, events: ScreenEvents): ScreenShare {
  let closed = false;
  let source: MediaStreamTrack | null = null;
  let masked: MaskedScreen | null = null;
  let opening = false;
  let waiting = false;

  const onTouch = () => {
    disarm();
    void open();
  };
  const arm = () => {
    if (waiting) return;
    waiting = true;
    // The end of a touch is what browsers count as the user's will.
    window.addEventListener("pointerup", onTouch, { capture: true });
    window.addEventListener("keydown", onTouch, { capture: true });
  };
  const disarm = () => {
    waiting = false;
    window.removeEventListener("pointerup", onTouch, { capture: true });
    window.removeEventListener("keydown", onTouch, { capture: true });
  };
  const stop = () => {
    masked?.close();
    source?.stop();
    masked = null;
    source = null;
  };

  const open = async (): Promise<void> => {
    if (closed || opening || source) return;
    opening = true;
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia(OWN_PAGE);
      const [opened] = stream.getVideoTracks();
      if (!opened) throw new DOMException("no track", "NotFoundError");
      if (closed) return opened.stop();
      // Only this page may ever be sent: its rectangles fit no other window, and a whole desktop is nobody's business.
      const { displaySurface } = opened.getSettings();
      if (displaySurface !== undefined && displaySurface !== "browser") {
        opened.stop();
        throw new DOMException(`shares a ${displaySurface}`, "NotAllowedError");
      }
      source = opened;
      masked = maskScreen(opened, masks);
      opened.addEventListener("ended", () => {
        if (closed || source !== opened) return;
        stop();
        events.onChange(null, "broken", false);
        arm();
      });
      events.onChange(masked.stream.getVideoTracks()[0] ?? null, "ok", false);
    } catch (cause) {
      stop();
      if (closed) return;
      const needsTouch = cause instanceof DOMException && cause.name === "InvalidStateError";
      events.onChange(null, needsTouch ? "denied" : troubleOf(cause), needsTouch);
      if (needsTouch) arm();
    } finally {
      opening = false;
    }
  };
  void open();

  return {
    close() {
      closed = true;
      disarm();
      stop();
    },
  };
}
