import type { TrackId } from "@gridhall/domain/media/schema.ts";
import { z } from "zod";
import type { LegState, MappedLine } from "../room/backend.ts";
import type { Answer, Handle, JanusMessage, JanusSession } from "./session.ts";

export interface JanusSubscriberEvents {
  onOffer(revision: number, sdp: string, map: readonly MappedLine[]): void;
  onMap(map: readonly MappedLine[]): void;
  onState(state: LegState): void;
  /** Something of this feed is received from now on: it begins with a keyframe. */
  onStarted(feed: number): void;
  /** Where a track is published; null while it is not. */
  find(trackId: TrackId): { feed: number; mid: string } | null;
  nameOf(feed: number, mid: string): TrackId | null;
}

/** Lines of a subscription as Janus lists them. */
const Streams = z.array(
  z.object({
    mid: z.string(),
    active: z.boolean().optional(),
    feed_id: z.number().optional(),
    feed_mid: z.string().optional(),
  }),
);

const RETRY_MS = 300;

interface Line {
  readonly mid: string;
  readonly feed: number;
  readonly feedMid: string;
}

/**
 * What one participant receives from Janus: one connection for everything, negotiated anew with each change. One
 * negotiation at a time; wishes that come meanwhile are carried out after it.
 */
export class JanusSubscriber {
  readonly #session: JanusSession | null;
  readonly #room: number;
  readonly #events: JanusSubscriberEvents;
  #handle: Handle | null = null;
  #wanted: readonly TrackId[] = [];
  #lines: readonly Line[] = [];
  #revision = 0;
  #state: "idle" | "asking" | "offered" = "idle";
  #dirty = false;
  #closed = false;
  readonly #candidates: { mid: string; candidate: string }[] = [];
  #answered = false;
  readonly #fresh: Line[] = [];
  #retry: NodeJS.Timeout | undefined;

  constructor(session: JanusSession | null, room: number, events: JanusSubscriberEvents) {
    this.#session = session;
    this.#room = room;
    this.#events = events;
  }

  want(tracks: readonly TrackId[]): void {
    this.#wanted = tracks;
    this.sync();
  }

  /** Brings the subscription to what is wanted and published now. */
  sync(): void {
    if (this.#closed) return;
    if (this.#state !== "idle") {
      this.#dirty = true;
      return;
    }
    const places = this.#wanted.flatMap((trackId) => this.#events.find(trackId) ?? []);
    const have = (place: { feed: number; mid: string }) =>
      this.#lines.some((line) => line.feed === place.feed && line.feedMid === place.mid);
    const missing = places.filter((place) => !have(place));
    const surplus = this.#lines.filter(
      (line) => !places.some((place) => place.feed === line.feed && place.mid === line.feedMid),
    );
    if (missing.length === 0 && surplus.length === 0) return;
    this.#state = "asking";
    this.#dirty = false;
    this.#ask(missing, surplus).then(
      (answer) => this.#handleAnswer(answer),
      () => this.#handleRefusal(),
    );
  }

  answer(revision: number, sdp: string): void {
    if (revision !== this.#revision || this.#state !== "offered") return;
    const started = this.#handle?.message({ request: "start" }, { type: "answer", sdp });
    started?.then(
      () => {
        this.#answered = true;
        for (const { mid, candidate } of this.#candidates.splice(0)) this.#handle?.trickle(mid, candidate);
        for (const line of this.#fresh.splice(0)) this.#events.onStarted(line.feed);
        this.#settle();
      },
      () => {
        if (!this.#closed) this.#events.onState("failed");
      },
    );
  }

  trickle(mid: string, candidate: string): void {
    if (this.#answered) this.#handle?.trickle(mid, candidate);
    else this.#candidates.push({ mid, candidate });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#handle?.detach();
  }

  async #ask(missing: readonly { feed: number; mid: string }[], surplus: readonly Line[]): Promise<Answer | null> {
    const streams = missing.map(({ feed, mid }) => ({ feed, mid }));
    if (!this.#handle) {
      if (!this.#session || streams.length === 0) return null;
      const handle = await this.#session.attach((event) => this.#handleEvent(event));
      if (this.#closed) {
        await handle.detach();
        return null;
      }
      this.#handle = handle;
      // Lines of feeds that are gone are taken out by us with the next change: two negotiations never cross.
      return handle.message({ request: "join", ptype: "subscriber", room: this.#room, streams, autoupdate: false });
    }
    // A feed that is gone has taken its lines with it; Janus knows nothing to unsubscribe from any more.
    const unsubscribe = surplus.flatMap((line) =>
      this.#events.nameOf(line.feed, line.feedMid) ? [{ sub_mid: line.mid }] : [],
    );
    if (streams.length === 0 && unsubscribe.length === 0) {
      this.#lines = this.#lines.filter((line) => !surplus.includes(line));
      this.#events.onMap(this.#map());
      return null;
    }
    return this.#handle.message({
      request: "update",
      ...(streams.length > 0 ? { subscribe: streams } : {}),
      ...(unsubscribe.length > 0 ? { unsubscribe } : {}),
    });
  }

  #handleAnswer(answer: Answer | null): void {
    if (this.#closed) return;
    if (!answer) return this.#settle();
    const before = this.#lines;
    const streams = Streams.safeParse(answer.data["streams"]);
    if (streams.success)
      this.#lines = streams.data.flatMap((stream) =>
        stream.active !== false && stream.feed_id !== undefined && stream.feed_mid !== undefined
          ? [{ mid: stream.mid, feed: stream.feed_id, feedMid: stream.feed_mid }]
          : [],
      );
    this.#fresh.push(
      ...this.#lines.filter((line) => !before.some((one) => one.feed === line.feed && one.feedMid === line.feedMid)),
    );
    if (!answer.jsep) {
      this.#events.onMap(this.#map());
      return this.#settle();
    }
    this.#state = "offered";
    this.#revision += 1;
    this.#events.onOffer(this.#revision, answer.jsep.sdp, this.#map());
  }

  /** A feed went away between our look and Janus's: what is there now is asked for a moment later. */
  #handleRefusal(): void {
    if (this.#closed) return;
    if (this.#lines.length === 0) {
      void this.#handle?.detach();
      this.#handle = null;
    }
    this.#retry = setTimeout(() => {
      this.#state = "idle";
      this.sync();
    }, RETRY_MS);
  }

  #settle(): void {
    this.#state = "idle";
    if (this.#dirty) this.sync();
  }

  #handleEvent(event: JanusMessage): void {
    if (this.#closed) return;
    if (event.janus === "webrtcup") this.#events.onState("connected");
    else if (event.janus === "hangup") this.#events.onState("failed");
  }

  /** Only what is wanted: between two negotiations a line may carry what is not any more. */
  #map(): MappedLine[] {
    return this.#lines.flatMap((line) => {
      const trackId = this.#events.nameOf(line.feed, line.feedMid);
      return trackId && this.#wanted.includes(trackId) ? [{ mid: line.mid, trackId }] : [];
    });
  }
}
