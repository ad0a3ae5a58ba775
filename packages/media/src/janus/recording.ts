import { createSocket, type Socket } from "node:dgram";
import type { RoomId, TrackId } from "@gridhall/domain/media/schema.ts";
import { Recorder } from "../recording/recorder.ts";
import type { RecordedTrack, RoomSink } from "../room/backend.ts";
import { isRtcp, readRtp } from "../rtp/packet.ts";
import type { Handle } from "./session.ts";

export interface JanusRecordingOptions {
  dir: string;
  roomId: RoomId;
  /** Where Janus sends the packets: this machine, as Janus reaches it. */
  host: string;
  wallMs: () => number;
  newSsrc: () => number;
  askKeyframe(trackId: TrackId): void;
}

interface Forward {
  readonly feed: number;
  readonly mid: string;
  readonly ssrc: number;
  readonly room: number;
}

/** Keyframes burst: the default buffer holds too few packets. */
const RECEIVE_BUFFER_BYTES = 4 << 20;

/** Packets that Janus forwards to one UDP port, told apart by an SSRC of ours, into the recorder. */
export class JanusRecording {
  tracks: readonly RecordedTrack[] = [];
  readonly #options: JanusRecordingOptions;
  readonly #socket: Socket;
  readonly #recorder: Recorder;
  readonly #forwards = new Map<TrackId, Forward>();
  readonly #names = new Map<number, TrackId>();

  private constructor(options: JanusRecordingOptions, socket: Socket, recorder: Recorder) {
    this.#options = options;
    this.#socket = socket;
    this.#recorder = recorder;
    socket.on("message", (packet) => this.#receive(packet));
  }

  static async start(options: JanusRecordingOptions, sink: RoomSink): Promise<JanusRecording> {
    const socket = createSocket("udp4");
    await new Promise<void>((done, fail) => {
      socket.once("error", fail);
      socket.bind(0, options.host, () => done());
    });
    try {
      socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
      const recorder = await Recorder.start({
        dir: options.dir,
        roomId: options.roomId,
        wallMs: options.wallMs,
        askKeyframe: options.askKeyframe,
        onChunk: (file, bytes, durationMs) => sink.chunk(options.dir, file, bytes, durationMs),
        onFailed: (detail) => sink.recordingFailed(options.dir, detail),
      });
      return new JanusRecording(options, socket, recorder);
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  /** All that is recorded from now on, where it is published. */
  setTracks(
    tracks: readonly RecordedTrack[],
    control: Handle | null,
    room: number,
    find: (trackId: TrackId) => { feed: number; mid: string } | null,
  ): void {
    this.tracks = tracks;
    this.#recorder.setTracks(tracks);
    for (const { trackId } of tracks) {
      const place = find(trackId);
      const forward = this.#forwards.get(trackId);
      if (!place || (forward?.feed === place.feed && forward.mid === place.mid && forward.room === room)) continue;
      this.#forward(trackId, { ...place, room, ssrc: this.#options.newSsrc() }, control);
    }
  }

  async stop(): Promise<void> {
    // Feeds that are still forwarded end with their room or find nobody; the recorder takes nothing more.
    this.#socket.close();
    await this.#recorder.stop();
  }

  #forward(trackId: TrackId, forward: Forward, control: Handle | null): void {
    this.#forwards.set(trackId, forward);
    this.#names.set(forward.ssrc, trackId);
    const { port } = this.#socket.address();
    control
      ?.message({
        request: "rtp_forward",
        room: forward.room,
        publisher_id: forward.feed,
        host: this.#options.host,
        streams: [{ mid: forward.mid, port, ssrc: forward.ssrc }],
      })
      .then(
        () => this.#options.askKeyframe(trackId),
        () => {
          // The feed went away meanwhile; where it comes back it is another feed.
          if (this.#forwards.get(trackId) === forward) this.#forwards.delete(trackId);
        },
      );
  }

  #receive(packet: Buffer): void {
    if (isRtcp(packet)) return;
    const header = readRtp(packet);
    const trackId = header ? this.#names.get(header.ssrc) : undefined;
    if (header && trackId !== undefined) this.#recorder.packet(trackId, packet, header);
  }
}
