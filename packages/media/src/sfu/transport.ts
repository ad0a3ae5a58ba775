import type { PeerConnection, Track } from "node-datachannel";
import type { LegState } from "../room/backend.ts";
import type { Loss } from "./loss.ts";
import nodeDataChannel from "node-datachannel";

/** What all connections of a child share. */
export interface TransportOptions {
  /** One UDP port for all of them: ICE tells them apart by its user names. */
  readonly port: number;
  readonly bindAddress: string;
  /** What browsers are told instead of `bindAddress`, behind a one-to-one NAT. */
  readonly publicAddress: string | null;
  readonly loss: Loss;
  readonly now: () => number;
  readonly wallMs: () => number;
}

export function openConnection(
  name: string,
  options: TransportOptions,
  onState: (state: LegState) => void,
): PeerConnection {
  const connection = new nodeDataChannel.PeerConnection(name, {
    iceServers: [],
    enableIceUdpMux: true,
    portRangeBegin: options.port,
    portRangeEnd: options.port,
    bindAddress: options.bindAddress,
    // Both sides' roles are fixed (we answer what is published and offer what is received); nothing may start by itself.
    disableAutoNegotiation: true,
    forceMediaTransport: true,
  });
  connection.onStateChange((state) => {
    if (state === "connected") onState("connected");
    else if (state === "disconnected" || state === "failed" || state === "closed") onState("failed");
  });
  return connection;
}

/** The description with all candidates in it: they are local addresses and known at once. */
export function completeDescription(connection: PeerConnection, type: "offer" | "answer"): Promise<string> {
  return new Promise((done, fail) => {
    const look = () => {
      const description = connection.localDescription();
      if (description?.type === type) done(description.sdp);
      else fail(new Error(`no ${type} after gathering`));
    };
    connection.onGatheringStateChange((state) => {
      if (state === "complete") look();
    });
    connection.setLocalDescription(type);
    if (connection.gatheringState() === "complete") look();
  });
}

export interface TrackSender {
  readonly isOpen: boolean;
  /** False where nothing was sent. */
  send(packet: Buffer): boolean;
}

/**
 * Sends while the track stands and the injected loss lets it. Never throws: what is thrown inside a callback of the
 * library ends the process, and a track may close between any look at it and the sending.
 */
export function trackSender(track: Track, loss: Loss, onOpen: () => void = () => undefined): TrackSender {
  let open = false;
  track.onOpen(() => {
    open = true;
    onOpen();
  });
  track.onClosed(() => {
    open = false;
  });
  return {
    get isOpen() {
      return open;
    },
    send(packet) {
      if (!open) return false;
      // What gets lost on the way has been sent, as far as the sender can know.
      if (loss.dropsDown()) return true;
      try {
        return track.sendMessageBinary(packet);
      } catch {
        open = track.isOpen();
        return false;
      }
    },
  };
}
