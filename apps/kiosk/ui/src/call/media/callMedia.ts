import type { KioskView } from "@gridhall/domain/kiosk/view.ts";
import type { MediaToClient } from "@gridhall/domain/media/schema.ts";
import { allows } from "@gridhall/domain/seats/assist.ts";
import type { DeviceTrouble } from "@gridhall/domain/seats/callView.ts";
import type { ConnectionState } from "@gridhall/media/client/mediaClient.ts";
import { isWithAgent } from "../callPhases.ts";
import type { CallMessage, Link } from "../../connection.ts";
import { type CallRoom, enterRoom, type RemoteFace } from "./callRoom.ts";
import { type ScreenShare, shareScreen } from "./screenShare.ts";
import { watchSensitiveAreas } from "./sensitiveAreas.ts";

/** What the panel shows of the media of a call. */
export interface CallMediaView {
  state: ConnectionState;
  faces: readonly RemoteFace[];
  own: MediaStreamTrack | null;
  /** The browser gives the picture of the screen after the next touch only. */
  screenNeedsTouch: boolean;
}
export const NO_MEDIA: CallMediaView = { state: "connecting", faces: [], own: null, screenNeedsTouch: false };

/**
 * Camera, microphone and screen of the call that the host's views speak of. It lives outside of the page, so that voices
 * go on while pages change; and it does nothing of its own will: no view with a call, no media.
 */
export interface CallMedia {
  view(): CallMediaView;
  subscribe(listener: () => void): () => void;
  /** Each state of the line to the host, in order. */
  follow(link: Link): void;
  receive(message: MediaToClient): void;
}

/** Without the host nobody can hang up or take consent back: the call is let go. */
const BLIND_MS = 10_000;

interface Sharing {
  callId: string;
  share: ScreenShare;
  track: MediaStreamTrack | null;
  close(): void;
}

export function createCallMedia(tell: (message: CallMessage) => void): CallMedia {
  const listeners = new Set<() => void>();
  let shown = NO_MEDIA;
  let room: CallRoom | null = null;
  let session: number | null = null;
  let sharing: Sharing | null = null;
  let linked: { state: "down" } | { state: "up"; revision: number } = { state: "down" };
  let blind: ReturnType<typeof setTimeout> | null = null;
  let troubles: Record<"camera" | "microphone" | "screen", DeviceTrouble> = {
    camera: "ok",
    microphone: "ok",
    screen: "ok",
  };

  const show = (part: Partial<CallMediaView>) => {
    shown = { ...shown, ...part };
    for (const listener of listeners) listener();
  };
  const report = (kind: keyof typeof troubles, trouble: DeviceTrouble) => {
    if (troubles[kind] === trouble) return;
    troubles = { ...troubles, [kind]: trouble };
    tell({ type: "devices", ...troubles });
  };

  const leave = () => {
    room?.close();
    room = null;
    show(NO_MEDIA);
  };
  const stopSharing = () => {
    room?.publishScreen(null);
    sharing?.close();
    sharing = null;
    if (shown.screenNeedsTouch) show({ screenNeedsTouch: false });
  };
  const letGo = () => {
    stopSharing();
    leave();
    troubles = { camera: "ok", microphone: "ok", screen: "ok" };
  };

  const enter = (callId: string): CallRoom =>
    enterRoom(callId, tell, {
      onFaces: (faces) => show({ faces }),
      onState: (state) => show({ state }),
      onOwn(kind, track, trouble) {
        if (kind === "camera") show({ own: track });
        report(kind, trouble);
      },
    });

  const startSharing = (callId: string): Sharing => {
    // The page on the glass is the one that the host last said: otherwise nobody knows where things are.
    const areas = watchSensitiveAreas(
      () =>
        linked.state === "up" &&
        document.querySelector<HTMLElement>("[data-screen]")?.dataset["revision"] === String(linked.revision),
    );
    const share = shareScreen(areas.masks, {
      onChange(track, trouble, screenNeedsTouch) {
        started.track = track;
        room?.publishScreen(track);
        show({ screenNeedsTouch });
        report("screen", trouble);
      },
    });
    const started: Sharing = {
      callId,
      share,
      track: null,
      close() {
        share.close();
        areas.close();
      },
    };
    return started;
  };

  const followView = ({ call, session: of, revision }: KioskView) => {
    const cameBack = linked.state === "down";
    linked = { state: "up", revision };
    const callId = call?.callId ?? null;
    // Nothing of one customer's call is there for the next.
    if (of !== session) letGo();
    session = of;
    if (!call || callId === null) {
      if (room || sharing) letGo();
      return;
    }
    const talks = isWithAgent(call.phase);
    // Taken while the customer's consent is a touch old, which browsers ask for; nothing leaves before somebody answers.
    const shares = allows(call.consent, "view") && (talks || call.phase.name === "waiting");
    if (sharing && (!shares || sharing.callId !== callId)) stopSharing();
    if (room && (!talks || room.callId !== callId)) leave();
    if (talks && !room) {
      // A page that was loaded anew reports its devices anew; until then they are as good as the host knows.
      troubles = { ...call.media };
      room = enter(callId);
    } else if (cameBack && room) {
      room.signallingRestored();
      tell({ type: "devices", ...troubles });
    }
    if (shares && !sharing) sharing = startSharing(callId);
    room?.publishScreen(sharing?.track ?? null);
  };

  return {
    view: () => shown,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    follow(link) {
      if (link.state === "up") {
        if (blind) clearTimeout(blind);
        blind = null;
        return followView(link.view);
      }
      linked = { state: "down" };
      if (room || sharing) blind ??= setTimeout(letGo, BLIND_MS);
    },
    receive: (message) => room?.receive(message),
  };
}
