import type { MaskedArea, Masks } from "@gridhall/media/client/maskedScreen.ts";

/** Where on the page stands what must not leave the terminal: every element marked `data-sensitive`. */
export interface SensitiveAreas {
  /** Null while the page moves or changes: then nothing at all may be sent. */
  masks(): Masks | null;
  close(): void;
}

/** So many pictures in a row must have everything in the same place before it counts as known. */
const STILL_PICTURES = 2;

/**
 * Looks at the page before each picture of it. What moves is not known: a capture is older than any measurement, and
 * between two measurements an area can be anywhere on its way (scrolling, a panel that opens, another page).
 */
export function watchSensitiveAreas(isPageShown: () => boolean): SensitiveAreas {
  let still = 0;
  let seen = "";
  let finger = false;
  let frame = requestAnimationFrame(look);

  function look(): void {
    frame = requestAnimationFrame(look);
    const now = placeOf(measure());
    still = now === seen && !finger ? still + 1 : 0;
    seen = now;
  }
  // A finger drags the page on the compositor's thread, ahead of every measurement.
  const press = (event: Event) => {
    const area = event.target instanceof Element ? event.target.closest(".scroll-area") : null;
    finger = area !== null && area.scrollHeight > area.clientHeight + 1;
  };
  const release = () => {
    finger = false;
  };
  const moved = () => {
    still = 0;
  };
  window.addEventListener("pointerdown", press, { capture: true });
  window.addEventListener("pointerup", release, { capture: true });
  window.addEventListener("pointercancel", release, { capture: true });
  window.addEventListener("scroll", moved, { capture: true, passive: true });
  window.addEventListener("resize", moved);

  return {
    masks() {
      if (!isPageShown() || document.visibilityState !== "visible") return null;
      const measured = measure();
      if (still < STILL_PICTURES || placeOf(measured) !== seen) return null;
      return { areas: measured.areas, viewport: { width: innerWidth, height: innerHeight } };
    },
    close() {
      cancelAnimationFrame(frame);
      window.removeEventListener("pointerdown", press, { capture: true });
      window.removeEventListener("pointerup", release, { capture: true });
      window.removeEventListener("pointercancel", release, { capture: true });
      window.removeEventListener("scroll", moved, { capture: true });
      window.removeEventListener("resize", moved);
    },
  };
}

interface Measured {
  /** Another page is another place, even where the rectangles happen to agree. */
  page: string;
  areas: MaskedArea[];
}

const placeOf = (measured: Measured): string => JSON.stringify(measured);

function measure(): Measured {
  const areas: MaskedArea[] = [];
  for (const element of document.querySelectorAll("[data-sensitive]")) {
    const area = visiblePart(element);
    if (area) areas.push(area);
  }
  const page = document.querySelector<HTMLElement>("[data-screen]")?.dataset;
  return { page: `${page?.["screen"]} ${page?.["covered"]} ${innerWidth}×${innerHeight}`, areas };
}

/** The part of an element that its scrolling ancestors leave to be seen, in CSS pixels of the viewport; null: none. */
export function visiblePart(element: Element): MaskedArea | null {
  const box = element.getBoundingClientRect();
  let [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom];
  for (
    let area = element.parentElement?.closest(".scroll-area");
    area;
    area = area.parentElement?.closest(".scroll-area")
  ) {
    const clip = area.getBoundingClientRect();
    [left, top] = [Math.max(left, clip.left), Math.max(top, clip.top)];
    [right, bottom] = [Math.min(right, clip.right), Math.min(bottom, clip.bottom)];
  }
  [left, top] = [Math.max(left, 0), Math.max(top, 0)];
  [right, bottom] = [Math.min(right, innerWidth), Math.min(bottom, innerHeight)];
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : null;
}
