import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import { join, normalize } from "node:path";
import {
  MediaToClient,
  MediaToServer,
  type ParticipantId,
  type ParticipantRole,
  type PresenceMode,
  type TrackId,
  type TrackKind,
  trackIdOf,
} from "@gridhall/domain/media/schema.ts";
import { chromium, type Page } from "@playwright/test";
import type { Participant, Room } from "../engine.ts";

const SRC = join(import.meta.dirname, "..");

/** Real browsers that take part in rooms: one Chromium, one page, any number of people in it. */
export interface Peers extends AsyncDisposable {
  /** Joins a room as somebody. */
  join(room: Room, options: JoinOptions): Promise<Peer>;
  readonly page: Page;
  now(): Promise<number>;
}

export interface JoinOptions {
  name: string;
  role: ParticipantRole;
  mode?: PresenceMode;
  kinds?: TrackKind[];
  relayOnly?: boolean;
  size?: { width: number; height: number };
}

export interface Seen {
  frames: number;
  painters: number[];
  delaysMs: number[];
  lastMs: number;
  firstMs: number;
}

export interface Peer {
  readonly id: ParticipantId;
  /** What this peer paints into its pictures. */
  readonly painter: number;
  readonly toneHz: number;
  track(kind: TrackKind): TrackId;
  /** What this peer sees of somebody's track that was painted after an instant of the page's clock. */
  seen(of: Peer, kind: TrackKind, sinceMs?: number): Promise<Seen>;
  /** Decibels of somebody's tone in their track as this peer hears it; −200 for silence. */
  hears(of: Peer): Promise<number>;
  /** The same in everything that this peer hears. */
  hearsAnywhere(of: Peer): Promise<number>;
  state(): Promise<{
    state: string;
    states: string[];
    modes: string[];
    quality: { rttMs: number | null; received: unknown[] } | null;
    tracks: { trackId: string; kind: TrackKind; role: string }[];
  }>;
  publish(kind: TrackKind, on: boolean): Promise<void>;
  /** As if the signalling socket broke: nothing comes through in either direction. */
  cutSignalling(): void;
  /** A new socket joins the same participant. */
  rejoin(): void;
  /** The browser is gone without a word; the server is not told. */
  vanish(): Promise<void>;
  leave(): Promise<void>;
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>peers</title><style>video{width:160px}</style><body><script type="module" src="/testing/page/peer.ts"></script>`;

export async function openPeers(): Promise<Peers> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://x").pathname);
    if (path === "/") {
      response.setHeader("content-type", "text/html");
      response.end(PAGE);
      return;
    }
    readFile(join(SRC, path), "utf8").then(
      (code) => {
        response.setHeader("content-type", "text/javascript");
        response.end(stripTypeScriptTypes(code, { mode: "strip" }));
      },
      () => {
        response.statusCode = 404;
        response.end();
      },
    );
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-background-timer-throttling",
      "--disable-renderer-backgrounding",
      "--disable-backgrounding-occluded-windows",
      "--autoplay-policy=no-user-gesture-required",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
      // The media server of the tests listens on loopback only.
      "--allow-loopback-in-peer-connection",
      "--disable-features=WebRtcHideLocalIpsWithMdns",
    ],
  });
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  const inbox = new Map<string, (message: MediaToServer) => void>();
  await page.exposeFunction("toServer", (peerId: string, message: unknown) => {
    inbox.get(peerId)?.(MediaToServer.parse(message));
  });
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.waitForFunction("window.peers !== undefined").catch((cause: unknown) => {
    throw new Error(`the page of peers does not start: ${problems.join("; ")}`, { cause });
  });
  // As text: this runs in the browser, whose types do not belong to this program.
  const call = <T>(method: string, ...args: unknown[]): Promise<T> =>
    page.evaluate<T>(`window.peers.${method}(${args.map((arg) => JSON.stringify(arg) ?? "undefined").join(", ")})`);
  let painter = 0;
  let opened = 0;

  return {
    page,
    now: () => call<number>("now"),
    async join(room, { name, role, mode, kinds = ["microphone", "camera"], relayOnly = false, size }) {
      painter = (painter % 15) + 1;
      opened += 1;
      const id = name as ParticipantId;
      const peerId = `${name}#${opened}`;
      const mine = painter;
      const toneHz = 400 + mine * 300;
      /** As a socket does, it carries both ways until it breaks. */
      let socket = { open: true };
      let participant: Participant | null = null;
      const options = { painter: mine, toneHz, kinds, relayOnly, ...(size ? { size } : {}) };
      await call("open", peerId, options);
      let outbox: Promise<unknown> = Promise.resolve();
      const enter = () => {
        const own = { open: true };
        socket = own;
        const joined = room.join({
          participantId: id,
          role,
          mode: mode ?? (role === "supervisor" ? "listen" : "talking"),
          send: (message) => {
            if (!own.open) return;
            const parsed = MediaToClient.parse(message);
            outbox = outbox.then(() => call("receive", peerId, parsed)).catch(() => undefined);
          },
        });
        participant = joined;
        inbox.set(peerId, (message) => {
          if (own.open) joined.receive(message);
        });
      };
      enter();
      const peer: Peer = {
        id,
        painter: mine,
        toneHz,
        track: (kind) => trackIdOf(id, kind),
        seen: (of, kind, sinceMs = 0) => call<Seen>("seen", peerId, of.track(kind), sinceMs),
        hears: (of) => call<number>("tone", peerId, of.track("microphone"), of.toneHz),
        hearsAnywhere: (of) => call<number>("toneAnywhere", peerId, of.toneHz),
        state: () => call("state", peerId),
        publish: (kind, on) => call("publish", peerId, kind, on),
        cutSignalling() {
          socket.open = false;
        },
        rejoin() {
          socket.open = false;
          enter();
        },
        async vanish() {
          socket.open = false;
          await call("close", peerId);
        },
        async leave() {
          participant?.leave();
          inbox.delete(peerId);
          await call("close", peerId);
        },
      };
      return peer;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
