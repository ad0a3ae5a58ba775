import type { ParticipantId } from "@gridhall/domain/media/schema.ts";
import type { Browser } from "@playwright/test";
import type { FakeHost } from "./fakeHost.ts";

export interface WatchedScreen {
  /** Red, green and blue at a place of the last picture, in fractions of it. */
  brightness(at: { x: number; y: number }): Promise<number[]>;
  frames(): Promise<number>;
  /** What the page said that it sends, each time it said so. */
  sending(): string[][];
  close(): Promise<void>;
}

interface Watcher {
  watch(sdp: string, screenMid: string): Promise<string>;
  add(mid: string, candidate: string): Promise<void>;
  pixel(x: number, y: number): number[];
  frames(): number;
}

/** Takes the place of the media server with a second page of the browser: a real peer that shows what reaches it. */
export async function watchedScreen(
  browser: Browser,
  host: FakeHost,
  participantId: ParticipantId,
): Promise<WatchedScreen> {
  const context = await browser.newContext();
  const page = await context.newPage();
  // An empty page of a secure origin, with no policy of its own.
  await page.route("**/watcher", (route) => route.fulfill({ contentType: "text/html", body: "" }));
  await page.goto(`${host.url}watcher`);
  await page.evaluate(installWatcher);
  const call = <T>(name: keyof Watcher, ...args: unknown[]) =>
    page.evaluate<T>(`watcher.${name}(${args.map((arg) => JSON.stringify(arg)).join(",")})`);

  host.media({
    type: "welcome",
    epoch: 1,
    participantId,
    role: "customer",
    iceServers: [],
    publishes: ["microphone", "camera", "screen"],
  });
  const said = () => host.told.flatMap((message) => (message.type === "media" ? [message.message] : []));
  let offer;
  do {
    await new Promise((done) => setTimeout(done, 20));
    offer = said().find((message) => message.type === "publish-offer");
  } while (!offer);
  const mid = offer.tracks.find((track) => track.kind === "screen")?.mid ?? "";
  host.media({ type: "publish-answer", epoch: 1, sdp: await call<string>("watch", offer.sdp, mid) });
  let added = 0;
  do {
    const candidates = said().filter((message) => message.type === "candidate");
    for (; added < candidates.length; added += 1)
      await call("add", candidates[added]?.mid, candidates[added]?.candidate);
    await new Promise((done) => setTimeout(done, 50));
  } while ((await call<number>("frames")) < 1);

  return {
    brightness: ({ x, y }) => call<number[]>("pixel", x, y),
    frames: () => call<number>("frames"),
    sending: () => said().flatMap((message) => (message.type === "sending" ? [message.kinds] : [])),
    close: () => context.close(),
  };
}

/** Runs in the second page. */
function installWatcher(): void {
  const connection = new RTCPeerConnection();
  const video = document.createElement("video");
  video.muted = true;
  let frames = 0;
  const watcher: Watcher = {
    async watch(sdp, screenMid) {
      connection.addEventListener("track", ({ transceiver, track }) => {
        if (transceiver.mid !== screenMid) return;
        video.srcObject = new MediaStream([track]);
        void video.play();
        const count = () => {
          frames += 1;
          video.requestVideoFrameCallback(count);
        };
        video.requestVideoFrameCallback(count);
      });
      await connection.setRemoteDescription({ type: "offer", sdp });
      await connection.setLocalDescription(await connection.createAnswer());
      while (connection.iceGatheringState !== "complete") await new Promise((done) => setTimeout(done, 20));
      return connection.localDescription?.sdp ?? "";
    },
    add: (mid, candidate) => connection.addIceCandidate({ sdpMid: mid, candidate }),
    pixel(x, y) {
      const canvas = document.createElement("canvas");
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      const paint = canvas.getContext("2d");
      paint?.drawImage(video, 0, 0);
      const at = paint?.getImageData(Math.round(x * canvas.width), Math.round(y * canvas.height), 1, 1);
      return [...(at?.data ?? [])].slice(0, 3);
    },
    frames: () => frames,
  };
  Object.assign(window, { watcher });
}
