import { type ParticipantId, splitTrackId, type TrackId } from "@gridhall/domain/media/schema.ts";
import nodeDataChannel, { type PeerConnection } from "node-datachannel";
import type { LegState } from "../room/backend.ts";
import { isRtcp } from "../rtp/packet.ts";
import { readRtcp } from "../rtp/rtcp.ts";
import type { PublishedTrack } from "./publishedTrack.ts";
import { ABS_SEND_TIME, takeCandidates, withAddress } from "./sdp.ts";
import { ABS_SEND_TIME_ID, AUDIO_PAYLOAD, RTX_PAYLOAD, Slot, VIDEO_PAYLOAD } from "./slot.ts";
import { completeDescription, trackSender, openConnection, type TransportOptions } from "./transport.ts";

/** Lines that stand from the beginning: what a usual call needs, so that it never negotiates twice. */
const FIRST_LINES = ["audio", "video", "audio", "video"] as const;

export interface SubscriberEvents {
  onState(state: LegState): void;
  /** A new offer with the whole map, or only a new map over the lines that stand. */
  onOffer(revision: number, sdp: string): void;
  /** Of ours, once the browser's answer is in. */
  onCandidate(mid: string, candidate: string): void;
  onMap(): void;
}

/** The connection on which a participant receives. The server offers; lines are never taken away but used again. */
export class SubscriberLeg {
  readonly slots: Slot[] = [];
  roundTripMs = 60;
  /** Bits a second, by the subscriber's own estimate; 0 before there is one. */
  estimate = 0;
  sendingBits = 0;
  readonly #connection: PeerConnection;
  readonly #options: TransportOptions;
  readonly #events: SubscriberEvents;
  readonly #name: string;
  #open = false;
  #closed = false;
  #revision = 0;
  /** `offered`: waits for the browser's answer; `dirty`: lines were added meanwhile. */
  #negotiation: "stable" | "offered" | "dirty" = "stable";
  #answered = false;
  #bytesBefore = 0;
  readonly #candidates: { candidate: string; mid: string }[] = [];
  readonly #ownCandidates: { candidate: string; mid: string }[] = [];

  constructor(participantId: ParticipantId, options: TransportOptions, events: SubscriberEvents) {
    this.#options = options;
    this.#events = events;
    this.#name = participantId;
    this.#connection = openConnection(`${participantId}-subscribe`, options, (state) => {
      if (this.#closed) return;
      this.#open = state === "connected";
      events.onState(state);
    });
    for (const media of FIRST_LINES) this.#addLine(media);
    this.#offer();
  }

  /** What is received from now on, all of it. */
  want(trackIds: readonly TrackId[], find: (trackId: TrackId) => PublishedTrack | undefined): void {
    const before = this.#mapText();
    for (const slot of this.slots)
      if (slot.trackId && !trackIds.includes(slot.trackId)) {
        slot.trackId = null;
        slot.bind(null);
      }
    let added = false;
    for (const trackId of trackIds) {
      if (this.slots.some((slot) => slot.trackId === trackId)) continue;
      const media = splitTrackId(trackId).kind === "microphone" ? "audio" : "video";
      let slot = this.slots.find((one) => one.trackId === null && one.line.media === media);
      if (!slot) {
        slot = this.#addLine(media);
        added = true;
      }
      slot.trackId = trackId;
    }
    this.attach(find);
    if (added) this.#offer();
    else if (this.#mapText() !== before) this.#events.onMap();
  }

  /** Connects lines with tracks that exist by now. */
  attach(find: (trackId: TrackId) => PublishedTrack | undefined): void {
    for (const slot of this.slots) slot.bind(slot.trackId ? (find(slot.trackId) ?? null) : null);
  }

  map(): { mid: string; trackId: TrackId }[] {
    return this.slots.flatMap((slot) => (slot.trackId ? [{ mid: slot.line.mid, trackId: slot.trackId }] : []));
  }

  answer(revision: number, sdp: string): void {
    if (revision !== this.#revision || this.#negotiation === "stable") return;
    this.#connection.setRemoteDescription(sdp, "answer");
    this.#answered = true;
    for (const { candidate, mid } of this.#ownCandidates.splice(0)) this.#events.onCandidate(mid, candidate);
    for (const { candidate, mid } of this.#candidates.splice(0)) this.#connection.addRemoteCandidate(candidate, mid);
    const dirty = this.#negotiation === "dirty";
    this.#negotiation = "stable";
    if (dirty) this.#offer();
  }

  addCandidate(candidate: string, mid: string): void {
    if (this.#answered) this.#connection.addRemoteCandidate(candidate, mid);
    else this.#candidates.push({ candidate, mid });
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Once a second. */
  report(nowMs: number, wallMs: number): void {
    if (!this.#open) return;
    let bytes = 0;
    for (const slot of this.slots) {
      slot.report(nowMs, wallMs);
      bytes += slot.bytesSent;
    }
    this.sendingBits = (bytes - this.#bytesBefore) * 8;
    this.#bytesBefore = bytes;
  }

  close(): void {
    this.#closed = true;
    this.#open = false;
    for (const slot of this.slots) slot.bind(null);
    this.#connection.close();
  }

  #addLine(media: "audio" | "video"): Slot {
    const index = this.slots.length;
    const mid = String(index);
    const ssrc = 0x10_0000 + index * 2;
    const rtxSsrc = ssrc + 1;
    const stream = `line${index}`;
    const description =
      media === "video" ? new nodeDataChannel.Video(mid, "SendOnly") : new nodeDataChannel.Audio(mid, "SendOnly");
    if ("addVP8Codec" in description) {
      description.addVP8Codec(VIDEO_PAYLOAD);
      description.addRTXCodec(RTX_PAYLOAD, VIDEO_PAYLOAD, 90_000);
      description.parseSdpLine(`a=ssrc-group:FID ${ssrc} ${rtxSsrc}`);
    } else description.addOpusCodec(AUDIO_PAYLOAD, "minptime=10;useinbandfec=1");
    description.parseSdpLine(`a=extmap:${ABS_SEND_TIME_ID} ${ABS_SEND_TIME}`);
    description.addSSRC(ssrc, this.#name, stream, `${stream}-track`);
    if (media === "video") description.addSSRC(rtxSsrc, this.#name, stream, `${stream}-track`);
    const track = this.#connection.addTrack(description);
    track.onMessage((packet) => {
      if (isRtcp(packet) && !this.#options.loss.dropsUp()) this.#receiveRtcp(slot, packet);
    });
    const slot: Slot = new Slot({
      mid,
      media,
      ssrc,
      rtxSsrc,
      // What was sent before the line stood is lost: it begins with a keyframe now.
      sender: trackSender(track, this.#options.loss, () => slot.source?.askKeyframe()),
    });
    this.slots.push(slot);
    return slot;
  }

  #offer(): void {
    if (this.#negotiation !== "stable") {
      this.#negotiation = "dirty";
      return;
    }
    this.#negotiation = "offered";
    this.#revision += 1;
    const revision = this.#revision;
    completeDescription(this.#connection, "offer").then(
      (description) => {
        if (this.#closed) return;
        let sdp = withAddress(description, this.#options.publicAddress);
        if (!this.#answered) {
          // Told after the answer: a browser that connects while the answer is being set gets its certificate refused,
          // because the library does not know the fingerprint yet.
          const taken = takeCandidates(sdp);
          sdp = taken.sdp;
          this.#ownCandidates.push(...taken.candidates);
        }
        this.#events.onOffer(revision, sdp);
      },
      () => {
        if (!this.#closed) this.#events.onState("failed");
      },
    );
  }

  /** The library hands a compound packet to every line that it mentions: each takes what is its own. */
  #receiveRtcp(slot: Slot, packet: Buffer): void {
    const nowMs = this.#options.now();
    for (const block of readRtcp(packet)) {
      if (block.type === "nack" && block.mediaSsrc === slot.line.ssrc) slot.resend(block.sequences, nowMs);
      else if (block.type === "keyframe-request" && block.mediaSsrc === slot.line.ssrc) slot.source?.askKeyframe();
      else if (block.type === "remb") this.estimate = block.bitsPerSecond;
      else if (block.type === "report" && block.ssrc === slot.line.ssrc && block.lastReportMiddle !== 0) {
        const nowMiddle = ntpMiddle(this.#options.wallMs());
        const roundTripMs = (((nowMiddle - block.lastReportMiddle) >>> 0) / 65_536) * 1000 - block.delayMs;
        if (roundTripMs >= 0 && roundTripMs < 5_000) this.roundTripMs += (roundTripMs - this.roundTripMs) / 4;
      }
    }
  }

  #mapText(): string {
    return this.slots.map((slot) => slot.trackId ?? "").join(" ");
  }
}

/** Middle 32 bits of an NTP time stamp, as receiver reports echo them. */
function ntpMiddle(wallMs: number): number {
  const seconds = Math.floor(wallMs / 1000);
  return ((((seconds + 2_208_988_800) & 0xffff) << 16) | Math.floor(((wallMs % 1000) / 1000) * 65_536)) >>> 0;
}
