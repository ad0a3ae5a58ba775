import type {
  IceServer,
  MediaToClient,
  MediaToServer,
  ParticipantRole,
  PresenceMode,
  QualityReport,
  ReceivedTrack,
  TrackId,
  TrackKind,
} from "@gridhall/domain/media/schema.ts";
import { openPublisher, type Publisher } from "./publisher.ts";
import { createQualityMeter } from "./quality.ts";
import { openSubscriber, type Subscriber } from "./subscriber.ts";

export type ConnectionState = "connecting" | "connected" | "reconnecting" | "left";

export interface MediaClientOptions {
  /** Over the signalling socket. What cannot be sent now is repeated by the protocol later. */
  send(message: MediaToServer): void;
  /** A track of somebody else begins: attach it to an element. Called again with the same id after a rebuild. */
  onTrack(trackId: TrackId, role: ParticipantRole, kind: TrackKind, track: MediaStreamTrack): void;
  onTrackEnded(trackId: TrackId): void;
  onState?(state: ConnectionState): void;
  onMode?(mode: PresenceMode): void;
  /** About every two seconds while connected. */
  onQuality?(report: QualityReport): void;
  /** For tests and locked-down networks: `relay` uses TURN only. */
  iceTransportPolicy?: RTCIceTransportPolicy;
  /** Used instead of what the server names. */
  iceServers?: readonly IceServer[];
}

export interface MediaClient {
  /** Sends a track as this kind from now on, null for none. Needs no negotiation, and outlives rebuilt connections. */
  publish(kind: TrackKind, track: MediaStreamTrack | null): Promise<void>;
  /** From the signalling socket, parsed. */
  receive(message: MediaToClient): void;
  /** The signalling socket is back and the server still knows this participant: rebuilds if the connections broke meanwhile. */
  signallingRestored(): void;
  readonly state: ConnectionState;
  readonly tracks: ReadonlyMap<TrackId, ReceivedTrack>;
  close(): void;
}

/** After this long without a connection a new one is quicker than waiting for the old one. */
const BROKEN_MS = 4_000;
const ASK_AGAIN_MS = 4_000;
const QUALITY_MS = 2_000;

/** The browser's side of a room. Knows no engine: whoever is at the other end speaks `MediaToClient`. */
export function createMediaClient(options: MediaClientOptions): MediaClient {
  const published = new Map<TrackKind, MediaStreamTrack>();
  const received = new Map<TrackId, ReceivedTrack>();
  const shown = new Map<TrackId, MediaStreamTrack>();
  let publisher: Publisher | null = null;
  let subscriber: Subscriber | null = null;
  let epoch = 0;
  let state: ConnectionState = "connecting";
  let everConnected = false;
  let brokenTimer: ReturnType<typeof setTimeout> | undefined;
  let qualityTimer: ReturnType<typeof setInterval> | undefined;

  function setState(next: ConnectionState): void {
    if (state === next) return;
    state = next;
    options.onState?.(next);
  }

  function askRebuild(cause: "publish-failed" | "subscribe-failed" | "signalling-restored"): void {
    clearTimeout(brokenTimer);
    setState("reconnecting");
    options.send({ type: "rebuild", epoch, cause });
    // Signalling may be down as well: asked until a new epoch begins or the connection comes back.
    brokenTimer = setTimeout(() => askRebuild(cause), ASK_AGAIN_MS);
  }

  function handleConnection(leg: "publish" | "subscribe", of: number, connection: RTCPeerConnectionState): void {
    if (of !== epoch || state === "left") return;
    if (connection === "connected") {
      const others = leg === "publish" ? subscriber?.connection : publisher?.connection;
      if (others?.connectionState === "failed" || others?.connectionState === "disconnected") return;
      clearTimeout(brokenTimer);
      brokenTimer = undefined;
      if (publisher?.connection.connectionState !== "connected") return;
      everConnected = true;
      setState("connected");
    } else if (connection === "failed") askRebuild(`${leg}-failed`);
    else if (connection === "disconnected") {
      setState("reconnecting");
      // A short cut heals by itself; ICE alone would take a quarter of a minute to give up.
      brokenTimer ??= setTimeout(() => askRebuild(`${leg}-failed`), BROKEN_MS);
    }
  }

  function build(message: Extract<MediaToClient, { type: "welcome" | "restart" }>): void {
    closeConnections();
    epoch = message.epoch;
    const of = epoch;
    setState(everConnected ? "reconnecting" : "connecting");
    const configuration: RTCConfiguration = {
      iceServers: (options.iceServers ?? message.iceServers).map(({ urls, username, credential }) => ({
        urls: [...urls],
        ...(username === undefined ? {} : { username }),
        ...(credential === undefined ? {} : { credential }),
      })),
      bundlePolicy: "max-bundle",
      iceTransportPolicy: options.iceTransportPolicy ?? "all",
    };
    const events = (leg: "publish" | "subscribe") => ({
      onCandidate: (mid: string, candidate: string) =>
        options.send({ type: "candidate", epoch: of, leg, mid, candidate }),
      onConnection: (connection: RTCPeerConnectionState) => handleConnection(leg, of, connection),
      onFailed: () => of === epoch && askRebuild(`${leg}-failed`),
    });
    subscriber = openSubscriber(configuration, {
      ...events("subscribe"),
      onAnswer: (revision, sdp) => options.send({ type: "subscribe-answer", epoch: of, revision, sdp }),
      onTracks: (tracks) => of === epoch && show(tracks),
    });
    publisher = openPublisher(configuration, message.publishes, published, {
      ...events("publish"),
      onOffer: (sdp, tracks) => {
        options.send({ type: "publish-offer", epoch: of, sdp, tracks });
        sendKinds();
      },
    });
    measure(publisher, subscriber, of);
    // Neither answer nor connection: the messages were lost with a socket or a server.
    brokenTimer = setTimeout(() => askRebuild("publish-failed"), BROKEN_MS * 3);
  }

  function measure(on: Publisher, from: Subscriber, of: number): void {
    const meter = createQualityMeter();
    qualityTimer = setInterval(() => {
      if (state !== "connected") return;
      void meter(on.connection, from.connection, from.tracks()).then((report) => {
        if (of !== epoch) return;
        options.onQuality?.(report);
        options.send({ type: "quality", epoch: of, report });
      });
    }, QUALITY_MS);
  }

  function sendKinds(): void {
    if (epoch > 0 && state !== "left") options.send({ type: "sending", epoch, kinds: [...published.keys()] });
  }

  /** Tells what began, what ended, and what is another `MediaStreamTrack` now. */
  function show(tracks: readonly { received: ReceivedTrack; track: MediaStreamTrack }[]): void {
    const now = new Map(tracks.map((one) => [one.received.trackId, one]));
    for (const trackId of received.keys())
      if (!now.has(trackId)) {
        received.delete(trackId);
        shown.delete(trackId);
        options.onTrackEnded(trackId);
      }
    for (const [trackId, { received: entry, track }] of now) {
      received.set(trackId, entry);
      if (shown.get(trackId) === track) continue;
      shown.set(trackId, track);
      options.onTrack(trackId, entry.role, entry.kind, track);
    }
  }

  function closeConnections(): void {
    clearTimeout(brokenTimer);
    brokenTimer = undefined;
    clearInterval(qualityTimer);
    publisher?.connection.close();
    subscriber?.connection.close();
    publisher = null;
    subscriber = null;
    // Pictures stand still rather than vanish while new connections are built.
    shown.clear();
  }

  function leave(): void {
    closeConnections();
    for (const trackId of received.keys()) options.onTrackEnded(trackId);
    received.clear();
    setState("left");
  }

  return {
    async publish(kind, track) {
      if (track) published.set(kind, track);
      else published.delete(kind);
      await publisher?.replace(kind, track);
      sendKinds();
    },
    receive(message) {
      switch (message.type) {
        case "welcome":
        case "restart":
          return build(message);
        case "publish-answer":
          if (message.epoch === epoch) publisher?.answer(message.sdp);
          return;
        case "subscribe-offer":
          if (message.epoch === epoch) subscriber?.offer(message.revision, message.sdp, message.tracks);
          return;
        case "candidate":
          if (message.epoch !== epoch) return;
          if (message.leg === "publish") publisher?.addCandidate(message.mid, message.candidate);
          else subscriber?.addCandidate(message.mid, message.candidate);
          return;
        case "tracks":
          if (message.epoch === epoch) subscriber?.map(message.tracks);
          return;
        case "mode":
          return options.onMode?.(message.mode);
        case "left":
          return leave();
        default:
          return message satisfies never;
      }
    },
    signallingRestored() {
      if (epoch === 0 || state === "left") return;
      if (state === "connected") sendKinds();
      else askRebuild("signalling-restored");
    },
    get state() {
      return state;
    },
    tracks: received,
    close: leave,
  };
}
