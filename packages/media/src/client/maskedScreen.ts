/** A part of the page, in CSS pixels from the viewport's top left. */
export interface MaskedArea {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Masks {
  readonly areas: readonly MaskedArea[];
  readonly viewport: { readonly width: number; readonly height: number };
}

export interface MaskedScreen {
  /** What may be sent: frames of the source with the areas painted black. */
  readonly stream: MediaStream;
  /** Ends the result; the source stays the caller's. */
  close(): void;
}

/** Anti-aliasing and scaled capture blur edges. */
const MARGIN_PX = 6;
/** A captured frame is older than the answer to where things are: areas stay covered, and nothing is sent, for so long. */
const SETTLE_MS = 300;

/**
 * Paints sensitive areas black before anything leaves the browser. `masks` is asked for each frame; null says that the
 * areas are not known, and then there is no new frame at all until they have been known for a moment again.
 */
export function maskScreen(source: MediaStreamTrack, masks: () => Masks | null, framesPerSecond = 15): MaskedScreen {
  const canvas = document.createElement("canvas");
  const paint = canvas.getContext("2d", { alpha: false });
  if (!paint) throw new Error("this browser cannot paint");
  const video = document.createElement("video");
  video.muted = true;
  video.srcObject = new MediaStream([source]);
  // Frames go out only when asked for: an unpainted canvas never does.
  const stream = canvas.captureStream(0);
  const [output] = stream.getVideoTracks() as CanvasCaptureMediaStreamTrack[];
  let history: { atMs: number; areas: readonly MaskedArea[] }[] = [];
  let knownSinceMs = Number.POSITIVE_INFINITY;
  /** The source has shown something that has not gone out. */
  let fresh = false;

  function noteFrame(): void {
    fresh = true;
    video.requestVideoFrameCallback(noteFrame);
  }

  function step(): void {
    const nowMs = performance.now();
    const current = masks();
    if (!current) {
      knownSinceMs = Number.POSITIVE_INFINITY;
      return;
    }
    if (knownSinceMs === Number.POSITIVE_INFINITY) {
      knownSinceMs = nowMs;
      fresh = true;
    }
    const moved = JSON.stringify(history.at(-1)?.areas) !== JSON.stringify(current.areas);
    history = [...history.filter((one) => nowMs - one.atMs <= SETTLE_MS), { atMs: nowMs, areas: current.areas }];
    if (nowMs - knownSinceMs < SETTLE_MS) return;
    const covered = new Set(history.map((one) => JSON.stringify(one.areas)));
    // While areas that moved are still covered twice, frames go on, so that the last one covers only what it must.
    if (!fresh && !moved && covered.size === 1) return;
    if (draw(current.viewport)) fresh = covered.size > 1;
  }

  function draw(viewport: Masks["viewport"]): boolean {
    const { videoWidth: width, videoHeight: height } = video;
    if (!paint || !output || width === 0 || height === 0) return false;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    paint.drawImage(video, 0, 0, width, height);
    paint.fillStyle = "#000";
    const scaleX = width / viewport.width;
    const scaleY = height / viewport.height;
    for (const { areas } of history)
      for (const area of areas)
        paint.fillRect(
          Math.floor(area.x * scaleX) - MARGIN_PX,
          Math.floor(area.y * scaleY) - MARGIN_PX,
          Math.ceil(area.width * scaleX) + 2 * MARGIN_PX,
          Math.ceil(area.height * scaleY) + 2 * MARGIN_PX,
        );
    output.requestFrame();
    return true;
  }

  const timer = setInterval(step, 1_000 / framesPerSecond);
  const close = () => {
    clearInterval(timer);
    output?.stop();
    video.srcObject = null;
  };
  source.addEventListener("ended", close);
  video.requestVideoFrameCallback(noteFrame);
  void video.play();
  return { stream, close };
}
