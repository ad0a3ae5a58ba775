import type { Pointer } from "@gridhall/domain/seats/assist.ts";
import { type CSSProperties, useEffect, useLayoutEffect, useState } from "react";
import { useKiosk, useWords } from "../context.ts";
import { elementOf } from "./pageMap.ts";

/** What the agent points at, painted over the page and in nobody's way: touches go through. */
export function Pointers() {
  const { view } = useKiosk();
  const { t } = useWords();
  const { pointer = null, highlight = null } = view.call ?? {};
  const watching = pointer !== null || highlight !== null;
  useEachPicture(watching);
  useScrollTo(highlight);
  if (!watching) return null;
  const ring = highlight === null ? null : ringAround(highlight);
  const spot = pointer === null ? null : spotOf(pointer);
  return (
    <div className="call-pointers">
      {ring && <div className="call-ring" data-testid="call-highlight" data-of={highlight} style={ring} />}
      {spot && (
        <div className="call-pointer" data-testid="call-pointer" style={spot}>
          <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d="M4 2l15 11-7 1.200L8.500 21z" />
          </svg>
          <span>{t("call.pointer")}</span>
        </div>
      )}
    </div>
  );
}

const RING_PX = 10;

function ringAround(elementId: string): CSSProperties | null {
  const box = elementOf(elementId)?.getBoundingClientRect();
  if (!box) return null;
  return {
    left: box.left - RING_PX,
    top: box.top - RING_PX,
    width: box.width + 2 * RING_PX,
    height: box.height + 2 * RING_PX,
  };
}

/** On the very spot while the element still is there, in its middle when it has moved since, where it was if it is gone. */
function spotOf({ x, y, elementId }: Pointer): CSSProperties {
  const at = { left: x * innerWidth, top: y * innerHeight };
  const box = elementId === null ? null : (elementOf(elementId)?.getBoundingClientRect() ?? null);
  if (!box) return at;
  const inside = at.left >= box.left && at.left <= box.right && at.top >= box.top && at.top <= box.bottom;
  return inside ? at : { left: box.left + box.width / 2, top: box.top + box.height / 2 };
}

/** The page moves under the pointer by scrolling and by its own changes; both are followed picture by picture. */
function useEachPicture(on: boolean): void {
  const [, again] = useState(0);
  useLayoutEffect(() => {
    if (!on) return undefined;
    let before = "";
    let frame = requestAnimationFrame(look);
    function look(): void {
      frame = requestAnimationFrame(look);
      const now = [...document.querySelectorAll(".page, .page .scroll-area")]
        .map((area) => `${area.scrollTop} ${area.clientWidth}×${area.clientHeight}`)
        .join("|");
      if (now === before) return;
      before = now;
      again((count) => count + 1);
    }
    return () => cancelAnimationFrame(frame);
  }, [on]);
}

/** What is highlighted below the fold is brought into sight. */
function useScrollTo(elementId: string | null): void {
  useEffect(() => {
    if (elementId !== null) elementOf(elementId)?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }, [elementId]);
}
