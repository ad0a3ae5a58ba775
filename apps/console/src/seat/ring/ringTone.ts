import { useSyncExternalStore } from "react";

/** The ring of the desk, made by WebAudio: no file to load, and it can be heard while the page is in the background. */
export interface RingSettings {
  /** 0 … 1; 0: silent. */
  readonly volume: number;
  readonly on: boolean;
}
export interface RingView extends RingSettings {
  /** Browsers play nothing before the page has been touched once. */
  readonly blocked: boolean;
}

const STORED_AS = "gridhall.seat.ring";
/** Two tones, twice, then a pause: a call. A transfer or an invitation rings differently, three short ones. */
const CALL = [
  [0, 880],
  [0.18, 660],
  [0.5, 880],
  [0.68, 660],
] as const;
const COLLEAGUE = [
  [0, 990],
  [0.16, 990],
  [0.32, 1320],
] as const;
const PERIOD_MS = 2_400;

let context: AudioContext | null = null;
let timer: ReturnType<typeof setInterval> | undefined;
let view: RingView = { ...readSettings(), blocked: false };
const listeners = new Set<() => void>();

function readSettings(): RingSettings {
  const text = globalThis.localStorage?.getItem(STORED_AS) ?? "";
  const volume = Number.parseFloat(text);
  return { volume: volume >= 0 && volume <= 1 ? volume : 0.6, on: !text.endsWith("off") };
}

function change(part: Partial<RingView>): void {
  view = { ...view, ...part };
  for (const listener of listeners) listener();
}

export function setRing(settings: RingSettings): void {
  localStorage.setItem(STORED_AS, `${settings.volume}${settings.on ? "" : " off"}`);
  change(settings);
}

export function useRing(): RingView {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => view,
  );
}

/** Call it when the desk is opened: watches for the first touch that lets the browser play. Returns how to stop. */
export function prepareRing(): () => void {
  context ??= new AudioContext();
  const audio = context;
  const check = (): void => change({ blocked: audio.state !== "running" });
  const touched = (): void => void audio.resume().then(check, check);
  check();
  audio.addEventListener("statechange", check);
  addEventListener("pointerdown", touched);
  addEventListener("keydown", touched);
  return () => {
    audio.removeEventListener("statechange", check);
    removeEventListener("pointerdown", touched);
    removeEventListener("keydown", touched);
    stopRinging();
  };
}

function sound(tones: readonly (readonly [number, number])[]): void {
  if (context?.state !== "running" || !view.on || view.volume === 0) return;
  const out = context.createGain();
  // Loudness is heard by powers: half of the slider shall be half as loud.
  out.gain.value = view.volume ** 2;
  out.connect(context.destination);
  for (const [at, hz] of tones) {
    const tone = context.createOscillator();
    const shape = context.createGain();
    const begin = context.currentTime + at;
    tone.frequency.value = hz;
    shape.gain.setValueAtTime(0, begin);
    shape.gain.linearRampToValueAtTime(0.8, begin + 0.02);
    shape.gain.exponentialRampToValueAtTime(0.01, begin + 0.16);
    tone.connect(shape).connect(out);
    tone.start(begin);
    tone.stop(begin + 0.17);
  }
}

/** Rings until `stopRinging`. */
export function startRinging(kind: "call" | "transfer" | "invitation"): void {
  clearInterval(timer);
  const tones = kind === "call" ? CALL : COLLEAGUE;
  sound(tones);
  timer = setInterval(() => sound(tones), PERIOD_MS);
}

export function stopRinging(): void {
  clearInterval(timer);
  timer = undefined;
}

/** One ring, to hear the volume. */
export function tryRing(): void {
  void context?.resume().then(() => sound(CALL));
}
