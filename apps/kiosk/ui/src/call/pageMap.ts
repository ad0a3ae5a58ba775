import type { PageElement, PageMap } from "@gridhall/domain/seats/assist.ts";
import { useEffect, useLayoutEffect, useRef } from "react";
import { useKiosk } from "../context.ts";
import { useTell } from "./callContext.ts";
import { isScreenShown } from "./callPhases.ts";
import { visiblePart } from "./media/sensitiveAreas.ts";

const SETTLE_MS = 100;
const MOST_ELEMENTS = 200;
const MOST_LABEL = 120;

/** Where everything stands that has a name, as fractions of the viewport; the panel of the call itself is left out. */
export function measurePage(revision: number): PageMap {
  const elements = new Map<string, PageElement>();
  for (const element of document.querySelectorAll<HTMLElement>("[data-help-id]")) {
    const elementId = element.dataset["helpId"];
    if (!elementId || elementId.length > 80 || elements.has(elementId) || elements.size >= MOST_ELEMENTS) continue;
    // What is part of a larger thing with a name is pointed at as that thing.
    if (element.closest(".call-panel") || element.parentElement?.closest("[data-help-id]")) continue;
    const part = visiblePart(element);
    if (!part) continue;
    elements.set(elementId, {
      elementId,
      label: labelOf(element),
      x: part.x / innerWidth,
      y: part.y / innerHeight,
      width: part.width / innerWidth,
      height: part.height / innerHeight,
    });
  }
  return { revision, width: innerWidth, height: innerHeight, elements: [...elements.values()] };
}

/** What the element is called on the glass, without anything in it that is marked as sensitive. */
function labelOf(element: HTMLElement): string {
  const named = element.dataset["helpLabel"];
  if (named !== undefined) return named.slice(0, MOST_LABEL);
  if (element.closest("[data-sensitive]")) return "";
  const label = element.getAttribute("aria-label") ?? openText(element);
  return label.replaceAll(/\s+/g, " ").trim().slice(0, MOST_LABEL);
}

function openText(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? "";
  if (node instanceof Element && node.matches("[data-sensitive], [aria-hidden='true']")) return "";
  return [...node.childNodes].map(openText).join(" ");
}

/** The element of that name that can be seen; the panel's own do not count. */
export function elementOf(elementId: string): HTMLElement | null {
  for (const element of document.querySelectorAll<HTMLElement>(`[data-help-id="${CSS.escape(elementId)}"]`))
    if (!element.closest(".call-panel") && element.getBoundingClientRect().width > 0) return element;
  return null;
}

/** Tells the agent's side where things are, whenever they have moved, as long as the screen may be seen. */
export function usePageMap(): void {
  const { view } = useKiosk();
  const tell = useTell();
  const shown = isScreenShown(view.call);
  const latest = useRef(() => {});
  const callId = view.call?.callId;
  const phase = view.call?.phase.name;
  const { revision } = view;
  const last = useRef("");

  useLayoutEffect(() => {
    latest.current = () => {
      const map = measurePage(revision);
      // The revision alone is no news: it rises with every second that is counted down. A step of the call is: whoever
      // has just come has no map yet.
      const said = `${callId} ${phase} ${JSON.stringify(map.elements)}`;
      if (said === last.current) return;
      last.current = said;
      tell({ type: "page-map", map });
    };
  });

  useEffect(() => {
    if (!shown) return undefined;
    last.current = "";
    let timer: ReturnType<typeof setTimeout> | null = null;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = null;
        latest.current();
      }, SETTLE_MS);
    };
    soon();
    const sizes = new ResizeObserver(soon);
    const changes = new MutationObserver(soon);
    const frame = document.querySelector(".frame");
    if (frame) {
      const attributeFilter = ["hidden", "class", "data-phase"];
      sizes.observe(frame);
      for (const part of frame.querySelectorAll("main, .page")) sizes.observe(part);
      changes.observe(frame, { subtree: true, childList: true, characterData: true, attributeFilter });
    }
    window.addEventListener("scroll", soon, { capture: true, passive: true });
    window.addEventListener("transitionend", soon, { capture: true });
    return () => {
      if (timer) clearTimeout(timer);
      sizes.disconnect();
      changes.disconnect();
      window.removeEventListener("scroll", soon, { capture: true });
      window.removeEventListener("transitionend", soon, { capture: true });
    };
  }, [shown]);
}
