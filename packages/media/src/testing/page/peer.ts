import type { MediaToClient, MediaToServer, QualityReport, TrackId, TrackKind } from "@gridhall/domain/media/schema.ts";
import { createMediaClient, type MediaClient } from "../../client/mediaClient.ts";
import { maskScreen, type Masks } from "../../client/maskedScreen.ts";
import { HEIGHT, paintPattern, readPattern, WIDTH } from "./pattern.ts";

/** Several people of a room in one page, painted and sounding; driven by the tests through `window.peers`. */
interface Seen {
  readonly painter: number;
  readonly stamp: number;
  readonly atMs: number;
}

interface Shown {
  readonly kind: TrackKind;
  readonly role: string;
  readonly track: MediaStreamTrack;
  readonly element: HTMLMediaElement;
  readonly seen: Seen[];
  readonly analyser: AnalyserNode | null;
}

interface Peer {
  readonly client: MediaClient;
  readonly shown: Map<TrackId, Shown>;
  readonly sources: Map<TrackKind, MediaStreamTrack>;
  readonly painter: number;
  readonly states: string[];
  readonly modes: string[];
  quality: QualityReport | null;
}

export interface PeerOptions {
  /** 0 … 15 */
  painter: number;
  toneHz: number;
  kinds: TrackKind[];
  relayOnly?: boolean;
  size?: { width: number; height: number };
}

const audio = new AudioContext({ sampleRate: 48_000 });
const peers = new Map<string, Peer>();
declare const window: Window & { toServer(peerId: string, message: MediaToServer): void; peers: typeof api };

function paintedTrack(painter: number, size = { width: WIDTH, height: HEIGHT }): MediaStreamTrack {
  const canvas = document.createElement("canvas");
  canvas.width = size.width;
  canvas.height = size.height;
  const paint = canvas.getContext("2d");
  if (!paint) throw new Error("no canvas");
  const [track] = canvas.captureStream(25).getVideoTracks();
  if (!track) throw new Error("no track of a canvas");
  const timer = setInterval(() => {
    if (track.readyState === "ended") clearInterval(timer);
    else paintPattern(paint, painter, performance.now());
  }, 40);
  paintPattern(paint, painter, performance.now());
  return track;
}

function toneTrack(hz: number): MediaStreamTrack {
  const oscillator = new OscillatorNode(audio, { frequency: hz });
  const gain = new GainNode(audio, { gain: 0.3 });
  const destination = new MediaStreamAudioDestinationNode(audio);
  oscillator.connect(gain).connect(destination);
  oscillator.start();
  const [track] = destination.stream.getAudioTracks();
  if (!track) throw new Error("no track of an oscillator");
  return track;
}

function show(peer: Peer, trackId: TrackId, role: string, kind: TrackKind, track: MediaStreamTrack): void {
  const stream = new MediaStream([track]);
  const seen = peer.shown.get(trackId)?.seen ?? [];
  if (kind === "microphone") {
    // Chromium gives a remote track to Web Audio only while an element plays it too.
    const element = new Audio();
    element.muted = true;
    element.srcObject = stream;
    element.play().catch(() => undefined);
    const analyser = new AnalyserNode(audio, { fftSize: 4096, smoothingTimeConstant: 0 });
    new MediaStreamAudioSourceNode(audio, { mediaStream: stream }).connect(analyser);
    peer.shown.set(trackId, { kind, role, track, element, seen, analyser });
    return;
  }
  const element = document.createElement("video");
  element.muted = true;
  element.srcObject = stream;
  document.body.append(element);
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const look = () => {
    if (element.srcObject !== stream) return;
    const pattern = paint ? readPattern(paint, element) : null;
    if (pattern) {
      seen.push({ ...pattern, atMs: performance.now() });
      if (seen.length > 500) seen.shift();
    }
    element.requestVideoFrameCallback(look);
  };
  element.requestVideoFrameCallback(look);
  element.play().catch(() => undefined);
  peer.shown.set(trackId, { kind, role, track, element, seen, analyser: null });
}

function hide(peer: Peer, trackId: TrackId): void {
  const shown = peer.shown.get(trackId);
  peer.shown.delete(trackId);
  if (!shown) return;
  shown.element.srcObject = null;
  shown.element.remove();
}

function decibels(analyser: AnalyserNode | null, hz: number): number {
  if (!analyser) return -200;
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  return Math.max(-200, bins[Math.round((hz * analyser.fftSize) / audio.sampleRate)] ?? -200);
}

const get = (peerId: string): Peer => {
  const peer = peers.get(peerId);
  if (!peer) throw new Error(`no peer ${peerId}`);
  return peer;
};

const api = {
  async open(peerId: string, options: PeerOptions): Promise<void> {
    await audio.resume();
    const sources = new Map<TrackKind, MediaStreamTrack>();
    for (const kind of options.kinds)
      sources.set(
        kind,
        kind === "microphone" ? toneTrack(options.toneHz) : paintedTrack(options.painter, options.size),
      );
    const client = createMediaClient({
      send: (message) => window.toServer(peerId, message),
      onTrack: (trackId, role, kind, track) => show(get(peerId), trackId, role, kind, track),
      onTrackEnded: (trackId) => hide(get(peerId), trackId),
      onState: (state) => {
        get(peerId).states.push(state);
        // Who has left paints no more: the next test needs the processor.
        if (state === "left") for (const track of sources.values()) track.stop();
      },
      onMode: (mode) => get(peerId).modes.push(mode),
      onQuality: (report) => {
        get(peerId).quality = report;
      },
      ...(options.relayOnly ? { iceTransportPolicy: "relay" as const } : {}),
    });
    peers.set(peerId, {
      client,
      shown: new Map(),
      sources,
      painter: options.painter,
      states: [],
      modes: [],
      quality: null,
    });
    for (const [kind, track] of sources) await client.publish(kind, track);
  },
  receive(peerId: string, message: MediaToClient): void {
    peers.get(peerId)?.client.receive(message);
  },
  async publish(peerId: string, kind: TrackKind, on: boolean): Promise<void> {
    const peer = get(peerId);
    const source = on ? (peer.sources.get(kind) ?? paintedTrack(peer.painter)) : null;
    if (source) peer.sources.set(kind, source);
    await peer.client.publish(kind, source);
  },
  signallingRestored(peerId: string): void {
    get(peerId).client.signallingRestored();
  },
  close(peerId: string): void {
    get(peerId).client.close();
    peers.delete(peerId);
  },
  state(peerId: string) {
    const { client, states, modes, quality, shown } = get(peerId);
    return {
      state: client.state,
      states,
      modes,
      quality,
      tracks: [...shown].map(([trackId, { kind, role }]) => ({ trackId, kind, role })),
    };
  },
  /** Pictures of a track that were painted after `sinceMs` and seen: what waited in some buffer is not counted. */
  seen(peerId: string, trackId: string, sinceMs: number) {
    const shown = get(peerId).shown.get(trackId as TrackId);
    const paintedMs = (one: Seen) => one.atMs - ((Math.floor(one.atMs) - one.stamp) & 0xffffff);
    const seen = (shown?.seen ?? []).filter((one) => paintedMs(one) > sinceMs);
    const last = seen.at(-1);
    return {
      frames: new Set(seen.map((one) => one.stamp)).size,
      painters: [...new Set(seen.map((one) => one.painter))],
      delaysMs: seen.map((one) => (Math.floor(one.atMs) - one.stamp) & 0xffffff),
      lastMs: last?.atMs ?? 0,
      firstMs: seen[0]?.atMs ?? 0,
    };
  },
  /** Decibels of a tone in what is heard of a track; −200 for silence. */
  tone(peerId: string, trackId: string, hz: number): number {
    return decibels(get(peerId).shown.get(trackId as TrackId)?.analyser ?? null, hz);
  },
  /** The loudest that a tone is in anything that is heard. */
  toneAnywhere(peerId: string, hz: number): number {
    return Math.max(-200, ...[...get(peerId).shown.values()].map((shown) => decibels(shown.analyser, hz)));
  },
  now: () => performance.now(),
  /** Masks a painted screen and tells what comes out: brightness inside and outside the area, and frames so far. */
  async mask(masks: Masks | null): Promise<{ frames: number; inside: number; outside: number }> {
    maskState.masks = masks;
    maskState.open ??= openMasked();
    const { video } = maskState.open;
    await new Promise((done) => setTimeout(done, 900));
    const before = video.getVideoPlaybackQuality().totalVideoFrames;
    await new Promise((done) => setTimeout(done, 500));
    const frames = video.getVideoPlaybackQuality().totalVideoFrames - before;
    const canvas = document.createElement("canvas");
    canvas.width = 400;
    canvas.height = 300;
    const paint = canvas.getContext("2d");
    paint?.drawImage(video, 0, 0, 400, 300);
    const brightness = (x: number, y: number) => paint?.getImageData(x, y, 1, 1).data[1] ?? -1;
    return { frames, inside: brightness(150, 150), outside: brightness(350, 50) };
  },
};

const maskState: { masks: Masks | null; open: { video: HTMLVideoElement } | null } = { masks: null, open: null };

function openMasked(): { video: HTMLVideoElement } {
  const canvas = document.createElement("canvas");
  canvas.width = 800;
  canvas.height = 600;
  const paint = canvas.getContext("2d");
  let shade = 0;
  setInterval(() => {
    shade = (shade + 1) % 20;
    if (!paint) return;
    paint.fillStyle = `rgb(255 ${235 + shade} 255)`;
    paint.fillRect(0, 0, 800, 600);
  }, 40);
  const [source] = canvas.captureStream(25).getVideoTracks();
  if (!source) throw new Error("no track of a canvas");
  const video = document.createElement("video");
  video.muted = true;
  video.srcObject = maskScreen(source, () => maskState.masks).stream;
  document.body.append(video);
  void video.play();
  return { video };
}

window.peers = api;
