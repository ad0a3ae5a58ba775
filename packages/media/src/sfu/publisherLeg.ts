import { type ParticipantId, type TrackKind, trackIdOf } from "@gridhall/domain/media/schema.ts";
import type { PeerConnection } from "node-datachannel";
import type { LegState } from "../room/backend.ts";
import { remb } from "../rtp/rtcp.ts";
import { BITRATE_LIMITS, nextBitrate } from "./bitrate.ts";
import { OWN_SSRC, PublishedTrack } from "./publishedTrack.ts";
import { publishAnswer, readPublishOffer } from "./sdp.ts";
import { completeDescription, trackSender, openConnection, type TransportOptions } from "./transport.ts";

/** The connection on which a participant sends. */
export class PublisherLeg {
  readonly tracks: PublishedTrack[] = [];
  readonly #connection: PeerConnection;
  readonly #options: TransportOptions;
  readonly #onTrack: () => void;
  #open = false;
  #closed = false;
  #bitrate = BITRATE_LIMITS.highest / 2;

  /** `onTrack`: a track exists from now on; the library tells of them one by one, also after the answer. */
  constructor(
    participantId: ParticipantId,
    options: TransportOptions,
    onState: (state: LegState) => void,
    onTrack: () => void,
  ) {
    this.#options = options;
    this.#onTrack = onTrack;
    this.#connection = openConnection(`${participantId}-publish`, options, (state) => {
      if (this.#closed) return;
      this.#open = state === "connected";
      onState(state);
    });
  }

  /** Returns the answer. Throws where the offer cannot be used. */
  async accept(
    participantId: ParticipantId,
    sdp: string,
    tracks: readonly { mid: string; kind: TrackKind }[],
  ): Promise<string> {
    const offer = readPublishOffer(sdp);
    const clockOffset = { ms: Number.POSITIVE_INFINITY };
    this.#connection.onTrack((line) => {
      const mid = line.mid();
      const stream = offer.streams.find((one) => one.mid === mid);
      const kind = tracks.find((one) => one.mid === mid)?.kind;
      if (!stream || !kind || (kind === "microphone") !== (stream.media === "audio")) return;
      const sender = trackSender(line, this.#options.loss);
      const track = new PublishedTrack(trackIdOf(participantId, kind), kind, stream, sender.send, clockOffset);
      line.onMessage((packet) => {
        if (this.#options.loss.dropsUp()) return;
        track.receive(packet, this.#options.now(), this.#options.wallMs());
      });
      if (this.#closed) return;
      this.tracks.push(track);
      this.#onTrack();
    });
    this.#connection.setRemoteDescription(offer.sdp, "offer");
    return publishAnswer(await completeDescription(this.#connection, "answer"), this.#options.publicAddress);
  }

  addCandidate(candidate: string, mid: string): void {
    this.#connection.addRemoteCandidate(candidate, mid);
  }

  get lastPacketMs(): number {
    return Math.max(0, ...this.tracks.map((track) => track.lastPacketMs));
  }

  get isOpen(): boolean {
    return this.#open;
  }

  tick(nowMs: number, roundTripMs: number): void {
    if (this.#open) for (const track of this.tracks) track.tick(nowMs, roundTripMs);
  }

  /** Once a second: reports, and how much may be sent. */
  report(nowMs: number, receivers: readonly { estimate: number; sending: number }[]): void {
    if (!this.#open) return;
    const shares = this.tracks.map((track) => track.report(nowMs));
    this.#bitrate = nextBitrate(this.#bitrate, { lostShare: Math.max(0, ...shares), receivers });
    this.#sendBitrate();
  }

  close(): void {
    this.#closed = true;
    this.#open = false;
    for (const track of this.tracks) for (const slot of track.slots) slot.bind(null);
    this.#connection.close();
  }

  #sendBitrate(): void {
    const ssrcs = this.tracks.map((track) => track.stream.ssrc);
    this.tracks.find((track) => track.stream.media === "video")?.feedback(remb(OWN_SSRC, this.#bitrate, ssrcs));
  }
}
