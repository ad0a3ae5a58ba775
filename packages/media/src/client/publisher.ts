import type { TrackKind } from "@gridhall/domain/media/schema.ts";

export interface LegEvents {
  onCandidate(mid: string, candidate: string): void;
  onConnection(state: RTCPeerConnectionState): void;
  /** Negotiation went wrong: only new connections help. */
  onFailed(): void;
}

export interface PublisherEvents extends LegEvents {
  onOffer(sdp: string, tracks: { mid: string; kind: TrackKind }[]): void;
}

export interface Publisher {
  readonly connection: RTCPeerConnection;
  answer(sdp: string): void;
  addCandidate(mid: string, candidate: string): void;
  replace(kind: TrackKind, track: MediaStreamTrack | null): Promise<void>;
}

/** Text must stay readable on the screen, faces must move. */
const LIMITS: Record<TrackKind, { maxBitrate: number; maxFramerate?: number }> = {
  microphone: { maxBitrate: 40_000 },
  camera: { maxBitrate: 700_000, maxFramerate: 25 },
  screen: { maxBitrate: 2_000_000, maxFramerate: 15 },
};

/** The sending connection: one media line for each kind from the beginning, so that tracks come and go without negotiation. */
export function openPublisher(
  configuration: RTCConfiguration,
  kinds: readonly TrackKind[],
  published: ReadonlyMap<TrackKind, MediaStreamTrack>,
  events: PublisherEvents,
): Publisher {
  const connection = new RTCPeerConnection(configuration);
  const senders = new Map<TrackKind, RTCRtpTransceiver>();
  for (const kind of kinds) {
    const { maxBitrate, maxFramerate } = LIMITS[kind];
    const track = published.get(kind);
    if (track) hint(kind, track);
    const transceiver = connection.addTransceiver(track ?? (kind === "microphone" ? "audio" : "video"), {
      direction: "sendonly",
      sendEncodings: [maxFramerate === undefined ? { maxBitrate } : { maxBitrate, maxFramerate }],
    });
    preferRoomCodecs(transceiver, kind);
    senders.set(kind, transceiver);
  }
  connection.addEventListener("icecandidate", ({ candidate }) => {
    if (candidate?.candidate) events.onCandidate(candidate.sdpMid ?? "0", candidate.candidate);
  });
  connection.addEventListener("connectionstatechange", () => events.onConnection(connection.connectionState));
  const alive = () => connection.signalingState !== "closed";
  // Candidates must not overtake the offer they belong to.
  const offer = connection.createOffer().then(async (description) => {
    if (!alive()) return;
    const set = connection.setLocalDescription(description);
    await set;
    const tracks = [...senders].map(([kind, transceiver]) => ({ mid: transceiver.mid ?? "", kind }));
    events.onOffer(connection.localDescription?.sdp ?? description.sdp ?? "", tracks);
  });
  offer.catch(() => alive() && events.onFailed());
  let answered: Promise<void> = offer;
  return {
    connection,
    answer(sdp) {
      answered = offer.then(() => connection.setRemoteDescription({ type: "answer", sdp }));
      answered.catch(() => alive() && events.onFailed());
    },
    addCandidate(mid, candidate) {
      answered
        .then(() => connection.addIceCandidate({ sdpMid: mid, candidate }))
        .catch(() => alive() && events.onFailed());
    },
    async replace(kind, track) {
      const sender = senders.get(kind)?.sender;
      if (!sender || !alive()) return;
      if (track) hint(kind, track);
      await sender.replaceTrack(track);
    },
  };
}

function hint(kind: TrackKind, track: MediaStreamTrack): void {
  if (kind === "screen") track.contentHint = "detail";
  else if (kind === "camera") track.contentHint = "motion";
}

/** What every engine and the recording speak; others are not even offered. */
function preferRoomCodecs(transceiver: RTCRtpTransceiver, kind: TrackKind): void {
  const media = kind === "microphone" ? "audio" : "video";
  const wanted = kind === "microphone" ? ["audio/opus"] : ["video/VP8", "video/rtx"];
  const codecs = RTCRtpReceiver.getCapabilities(media)?.codecs.filter((codec) => wanted.includes(codec.mimeType)) ?? [];
  if (codecs.length > 0) transceiver.setCodecPreferences(codecs);
}
