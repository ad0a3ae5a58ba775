import type { MediaToClient, MediaToServer } from "@gridhall/domain/media/schema.ts";
import nodeDataChannel, { type PeerConnection, type Track } from "node-datachannel";
import { isRtcp } from "../rtp/packet.ts";
import { takeCandidates } from "../sfu/sdp.ts";

/**
 * A process full of participants without a browser, for measuring: each sends a camera (25 frames a second of three
 * packets) and a microphone (50 packets a second) and counts what it receives. Speaks the browser's protocol.
 */
export type ToGenerator =
  | { type: "deliver"; peer: string; message: MediaToClient }
  | { type: "count" }
  | { type: "stop" };
export type FromGenerator =
  | { type: "signal"; peer: string; message: MediaToServer }
  | { type: "count"; received: number; sent: number; cpuMicros: number };

const VIDEO_PACKETS = 3;
const VIDEO_BYTES = 1_000;
const AUDIO_BYTES = 80;
/** A new picture at this pace, so that who joins late can begin. */
const KEYFRAME_EVERY = 50;

const tell = (message: FromGenerator) => process.send?.(message);
let received = 0;
let sent = 0;
const peers = new Map<string, GeneratedPeer>();

class GeneratedPeer {
  readonly #id: string;
  readonly #index: number;
  #publisher: PeerConnection | null = null;
  #subscriber: PeerConnection | null = null;
  #tracks: { video: Track; audio: Track } | null = null;
  readonly #received: Track[] = [];
  readonly #candidates: { mid: string; candidate: string }[] = [];
  #open = 0;
  #frame = 0;
  #videoSequence = 0;
  #audioSequence = 0;

  constructor(id: string, index: number) {
    this.#id = id;
    this.#index = index;
  }

  handle(message: MediaToClient): void {
    switch (message.type) {
      case "welcome":
      case "restart":
        return this.#publish(message.epoch);
      case "publish-answer":
        this.#publisher?.setRemoteDescription(message.sdp, "answer");
        for (const { mid, candidate } of this.#candidates.splice(0))
          this.#signal({ type: "candidate", epoch: message.epoch, leg: "publish", mid, candidate });
        return;
      case "subscribe-offer":
        return this.#subscribe(message.epoch, message.revision, message.sdp);
      case "candidate":
        return this.#subscriber?.addRemoteCandidate(message.candidate, message.mid);
      case "tracks":
      case "mode":
      case "left":
        return;
      default:
        return message satisfies never;
    }
  }

  /** One frame's time. */
  step(): void {
    if (!this.#tracks || this.#open < 2) return;
    const keyframe = this.#frame % KEYFRAME_EVERY === 0;
    for (let part = 0; part < VIDEO_PACKETS; part += 1) {
      const packet = Buffer.alloc(12 + 10 + VIDEO_BYTES);
      this.#videoSequence = (this.#videoSequence + 1) & 0xffff;
      head(packet, 96, this.#videoSequence, this.#frame * 3_600, this.#ssrc(0), part === VIDEO_PACKETS - 1);
      // Payload descriptor: the first part starts the frame; then the frame's own first byte, 0 in a keyframe.
      packet[12] = part === 0 ? 0x10 : 0x00;
      if (part === 0)
        Buffer.from([keyframe ? 0x10 : 0x11, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01]).copy(packet, 13);
      this.#send(this.#tracks.video, packet);
    }
    for (let half = 0; half < 2; half += 1) {
      const packet = Buffer.alloc(12 + AUDIO_BYTES);
      this.#audioSequence = (this.#audioSequence + 1) & 0xffff;
      head(packet, 111, this.#audioSequence, this.#audioSequence * 960, this.#ssrc(1), false);
      this.#send(this.#tracks.audio, packet);
    }
    this.#frame += 1;
  }

  #ssrc(which: number): number {
    return 0x20_0000 + this.#index * 16 + which;
  }

  #send(track: Track, packet: Buffer): void {
    try {
      track.sendMessageBinary(packet);
      sent += 1;
    } catch {
      // Closed under our hands: the measurement ends.
    }
  }

  #publish(epoch: number): void {
    const connection = open(`${this.#id}-publish`);
    this.#publisher = connection;
    const video = new nodeDataChannel.Video("0", "SendOnly");
    video.addVP8Codec(96);
    video.addSSRC(this.#ssrc(0), this.#id, this.#id, "camera");
    const audio = new nodeDataChannel.Audio("1", "SendOnly");
    audio.addOpusCodec(111);
    audio.addSSRC(this.#ssrc(1), this.#id, this.#id, "microphone");
    this.#tracks = { video: connection.addTrack(video), audio: connection.addTrack(audio) };
    for (const track of [this.#tracks.video, this.#tracks.audio])
      track.onOpen(() => {
        this.#open += 1;
      });
    described(connection, "offer", (description) => {
      // As in the SFU: nobody may connect to a library that offers before it has the answer.
      const { sdp, candidates } = takeCandidates(description);
      this.#candidates.push(...candidates);
      this.#signal({
        type: "publish-offer",
        epoch,
        sdp,
        tracks: [
          { mid: "0", kind: "camera" },
          { mid: "1", kind: "microphone" },
        ],
      });
      this.#signal({ type: "sending", epoch, kinds: ["camera", "microphone"] });
    });
  }

  #subscribe(epoch: number, revision: number, sdp: string): void {
    const connection = this.#subscriber ?? open(`${this.#id}-subscribe`);
    this.#subscriber = connection;
    connection.onTrack((track) => {
      // A track that nobody holds is collected, and closed with that.
      this.#received.push(track);
      track.onMessage((packet) => {
        if (!isRtcp(packet)) received += 1;
      });
    });
    connection.setRemoteDescription(sdp, "offer");
    described(connection, "answer", (answer) =>
      this.#signal({ type: "subscribe-answer", epoch, revision, sdp: answer }),
    );
  }

  #signal(message: MediaToServer): void {
    tell({ type: "signal", peer: this.#id, message });
  }
}

function head(packet: Buffer, payloadType: number, sequence: number, timestamp: number, ssrc: number, marker: boolean) {
  packet[0] = 0x80;
  packet[1] = payloadType | (marker ? 0x80 : 0);
  packet.writeUInt16BE(sequence, 2);
  packet.writeUInt32BE(timestamp >>> 0, 4);
  packet.writeUInt32BE(ssrc, 8);
}

function open(name: string): PeerConnection {
  return new nodeDataChannel.PeerConnection(name, {
    iceServers: [],
    disableAutoNegotiation: true,
    forceMediaTransport: true,
  });
}

function described(connection: PeerConnection, type: "offer" | "answer", done: (sdp: string) => void): void {
  let told = false;
  const look = () => {
    const description = connection.localDescription();
    if (told || description?.type !== type) return;
    told = true;
    done(description.sdp);
  };
  connection.onGatheringStateChange((state) => {
    if (state === "complete") look();
  });
  connection.setLocalDescription(type);
  if (connection.gatheringState() === "complete") look();
}

process.on("message", (raw) => {
  const message = raw as ToGenerator;
  if (message.type === "count") {
    const { user, system } = process.cpuUsage();
    tell({ type: "count", received, sent, cpuMicros: user + system });
  } else if (message.type === "stop") process.exit(0);
  else {
    let peer = peers.get(message.peer);
    if (!peer) {
      peer = new GeneratedPeer(message.peer, peers.size);
      peers.set(message.peer, peer);
    }
    peer.handle(message.message);
  }
});
process.once("disconnect", () => process.exit(0));

// Peers take turns within a frame's time: bursts of everybody at once would measure queues.
let turn = 0;
let dueMs = performance.now();
setInterval(() => {
  const list = [...peers.values()];
  if (list.length === 0) {
    dueMs = performance.now();
    return;
  }
  while (dueMs < performance.now()) {
    dueMs += 40 / list.length;
    turn = (turn + 1) % list.length;
    list[turn]?.step();
  }
}, 4);
