import type {
  MediaToClient,
  MediaToServer,
  ParticipantRole,
  QualityReport,
  TrackId,
  TrackKind,
} from "@gridhall/domain/media/schema.ts";
import { type ConnectionState, createMediaClient } from "@gridhall/media/client/mediaClient.ts";
import {
  canCapture,
  chosenDevice,
  type DeviceKind,
  openDevice,
  type OwnTrouble,
  rememberDevice,
  troubleOf,
} from "./devices.ts";

/** How one is in the call; it decides which of one's own devices are opened at all. */
export type Part = "talking" | "held" | "listen" | "whisper" | "joined";
type OwnKind = "camera" | "microphone";

export interface ShownTrack {
  readonly trackId: TrackId;
  readonly role: ParticipantRole;
  readonly kind: TrackKind;
  readonly stream: MediaStream;
}

export interface MediaView {
  readonly connection: ConnectionState;
  readonly tracks: readonly ShownTrack[];
  readonly own: MediaStream | null;
  readonly trouble: Readonly<Record<OwnKind, OwnTrouble>>;
  readonly muted: boolean;
  readonly cameraOff: boolean;
  readonly quality: QualityReport | null;
  /** The browser plays no sound before the page has been touched. */
  readonly silenced: boolean;
}

export interface CallMedia {
  readonly callId: string;
  subscribe(listener: () => void): () => void;
  view(): MediaView;
  setPart(part: Part): void;
  setMuted(muted: boolean): void;
  setCameraOff(off: boolean): void;
  /** Takes another device from now on, and for later calls. */
  choose(kind: DeviceKind, deviceId: string): void;
  /** Tries devices again that did not open. */
  retryDevices(): void;
  playSound(): void;
  receive(message: MediaToClient): void;
  signallingRestored(): void;
  close(): void;
}

const WATCH_MS = 1_000;
/** No welcome, or no connection, for so long: joining anew is the way out (the call's host may have changed). */
const JOIN_AGAIN_MS = 2_000;
const REJOIN_MS = 9_000;

const wants = (part: Part): readonly OwnKind[] =>
  part === "listen" ? [] : part === "whisper" ? ["microphone"] : ["microphone", "camera"];

/** Everything of one call that is seen and heard at this desk; outlives the pages that show it. */
export function openCallMedia(options: {
  callId: string;
  part: Part;
  join(): void;
  send(message: MediaToServer): void;
}): CallMedia {
  const listeners = new Set<() => void>();
  const sound = new Map<TrackId, HTMLAudioElement>();
  const own = new Map<OwnKind, MediaStreamTrack>();
  const opening = new Set<OwnKind>();
  let part = options.part;
  let welcomed = false;
  let closed = false;
  let measured = false;
  let uneasySinceMs = performance.now();
  let view: MediaView = {
    connection: "connecting",
    tracks: [],
    own: null,
    trouble: { camera: "off", microphone: "off" },
    muted: false,
    cameraOff: false,
    quality: null,
    silenced: false,
  };
  const change = (next: Partial<MediaView>): void => {
    view = { ...view, ...next };
    for (const listener of listeners) listener();
  };

  const client = createMediaClient({
    send: options.send,
    onTrack(trackId, role, kind, track) {
      const stream = new MediaStream([track]);
      if (kind === "microphone") hear(trackId, stream);
      change({ tracks: [...view.tracks.filter((one) => one.trackId !== trackId), { trackId, role, kind, stream }] });
    },
    onTrackEnded(trackId) {
      hush(trackId);
      change({ tracks: view.tracks.filter((one) => one.trackId !== trackId) });
    },
    onState(connection) {
      uneasySinceMs = performance.now();
      measured = false;
      change({ connection, quality: null });
    },
    onQuality(quality) {
      // The first of a connection only sets the counters that rates are counted from.
      if (measured) change({ quality });
      measured = true;
    },
  });

  function hear(trackId: TrackId, stream: MediaStream): void {
    const element = sound.get(trackId) ?? document.body.appendChild(new Audio());
    sound.set(trackId, element);
    element.autoplay = true;
    element.srcObject = stream;
    const speaker = chosenDevice("speaker");
    if (speaker !== null && "setSinkId" in element) element.setSinkId(speaker).catch(() => {});
    play(element);
  }

  function hush(trackId: TrackId): void {
    const element = sound.get(trackId);
    if (!element) return;
    element.srcObject = null;
    element.remove();
    sound.delete(trackId);
  }

  function play(element: HTMLAudioElement): void {
    element.play().then(
      () => view.silenced && change({ silenced: false }),
      (cause: unknown) => {
        if (cause instanceof DOMException && cause.name === "NotAllowedError") change({ silenced: true });
      },
    );
  }

  /** Opens what the part needs and is not open, closes what it does not need. */
  function followPart(): void {
    const needed = wants(part).filter((kind) => kind !== "camera" || !view.cameraOff);
    for (const kind of ["camera", "microphone"] as const) {
      if (!needed.includes(kind)) letGo(kind, "off");
      else if (!own.has(kind)) void take(kind);
    }
  }

  async function take(kind: OwnKind): Promise<void> {
    if (opening.has(kind)) return;
    if (!canCapture()) return setTrouble(kind, "insecure");
    opening.add(kind);
    try {
      const track = await openDevice(kind);
      opening.delete(kind);
      if (closed || !wants(part).includes(kind) || (kind === "camera" && view.cameraOff)) return track.stop();
      own.get(kind)?.stop();
      own.set(kind, track);
      if (kind === "microphone") track.enabled = !view.muted;
      track.addEventListener("ended", () => own.get(kind) === track && letGo(kind, "broken"));
      await client.publish(kind, track);
      setTrouble(kind, "ok");
    } catch (cause) {
      opening.delete(kind);
      setTrouble(kind, troubleOf(cause));
    }
  }

  function letGo(kind: OwnKind, trouble: OwnTrouble): void {
    const track = own.get(kind);
    if (track) {
      own.delete(kind);
      track.stop();
      client.publish(kind, null).catch(() => {});
    }
    setTrouble(kind, trouble);
  }

  function setTrouble(kind: OwnKind, trouble: OwnTrouble): void {
    const camera = own.get("camera");
    const shown = view.own?.getVideoTracks()[0] ?? null;
    change({
      trouble: { ...view.trouble, [kind]: trouble },
      ...(shown === (camera ?? null) ? {} : { own: camera ? new MediaStream([camera]) : null }),
    });
  }

  const watch = setInterval(() => {
    if (view.connection === "connected") return;
    const uneasyMs = performance.now() - uneasySinceMs;
    if (uneasyMs < (welcomed && view.connection !== "left" ? REJOIN_MS : JOIN_AGAIN_MS)) return;
    uneasySinceMs = performance.now();
    options.join();
  }, WATCH_MS);
  const devicesChanged = (): void => {
    if (view.trouble.camera === "absent" || view.trouble.camera === "broken") void take("camera");
    if (view.trouble.microphone === "absent" || view.trouble.microphone === "broken") void take("microphone");
  };
  if (canCapture()) navigator.mediaDevices.addEventListener("devicechange", devicesChanged);

  options.join();
  followPart();
  return {
    callId: options.callId,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    view: () => view,
    setPart(next) {
      if (next === part) return;
      part = next;
      followPart();
    },
    setMuted(muted) {
      const track = own.get("microphone");
      if (track) track.enabled = !muted;
      change({ muted });
    },
    setCameraOff(cameraOff) {
      change({ cameraOff });
      followPart();
    },
    choose(kind, deviceId) {
      rememberDevice(kind, deviceId);
      if (kind === "speaker") {
        for (const element of sound.values()) if ("setSinkId" in element) element.setSinkId(deviceId).catch(() => {});
      } else if (wants(part).includes(kind) && !(kind === "camera" && view.cameraOff)) void take(kind);
    },
    retryDevices: followPart,
    playSound() {
      for (const element of sound.values()) play(element);
    },
    receive(message) {
      if (message.type === "welcome") welcomed = true;
      client.receive(message);
    },
    signallingRestored() {
      uneasySinceMs = performance.now();
      if (welcomed) client.signallingRestored();
      else options.join();
    },
    close() {
      closed = true;
      clearInterval(watch);
      if (canCapture()) navigator.mediaDevices.removeEventListener("devicechange", devicesChanged);
      for (const track of own.values()) track.stop();
      own.clear();
      client.close();
      for (const trackId of sound.keys()) hush(trackId);
      listeners.clear();
    },
  };
}
