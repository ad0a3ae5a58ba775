import type { ReceivedTrack } from "@gridhall/domain/media/schema.ts";
import type { LegEvents } from "./publisher.ts";

export interface SubscriberEvents extends LegEvents {
  onAnswer(revision: number, sdp: string): void;
  onTracks(tracks: { received: ReceivedTrack; track: MediaStreamTrack }[]): void;
}

export interface Subscriber {
  readonly connection: RTCPeerConnection;
  offer(revision: number, sdp: string, tracks: readonly ReceivedTrack[]): void;
  map(tracks: readonly ReceivedTrack[]): void;
  addCandidate(mid: string, candidate: string): void;
  tracks(): readonly ReceivedTrack[];
}

/** The receiving connection. The server offers; which line carries whose track is told apart from the lines themselves. */
export function openSubscriber(configuration: RTCConfiguration, events: SubscriberEvents): Subscriber {
  const connection = new RTCPeerConnection(configuration);
  let current: readonly ReceivedTrack[] = [];
  /** Offers one after another, maps in between where they came. */
  let work: Promise<void> = Promise.resolve();
  connection.addEventListener("icecandidate", ({ candidate }) => {
    if (candidate?.candidate) events.onCandidate(candidate.sdpMid ?? "0", candidate.candidate);
  });
  connection.addEventListener("connectionstatechange", () => events.onConnection(connection.connectionState));
  const alive = () => connection.signalingState !== "closed";

  function enqueue(step: () => Promise<void>): void {
    work = work.then(async () => {
      if (!alive()) return;
      try {
        await step();
      } catch {
        if (alive()) events.onFailed();
      }
    });
  }

  function show(): void {
    const lines = new Map(connection.getTransceivers().map((transceiver) => [transceiver.mid, transceiver]));
    events.onTracks(
      current.flatMap((received) => {
        const track = lines.get(received.mid)?.receiver.track;
        return track ? [{ received, track }] : [];
      }),
    );
  }

  return {
    connection,
    offer(revision, sdp, tracks) {
      enqueue(async () => {
        await connection.setRemoteDescription({ type: "offer", sdp });
        await connection.setLocalDescription(await connection.createAnswer());
        events.onAnswer(revision, connection.localDescription?.sdp ?? "");
        current = tracks;
        show();
      });
    },
    map(tracks) {
      enqueue(async () => {
        current = tracks;
        show();
      });
    },
    addCandidate(mid, candidate) {
      enqueue(() => connection.addIceCandidate({ sdpMid: mid, candidate }));
    },
    tracks: () => current,
  };
}
