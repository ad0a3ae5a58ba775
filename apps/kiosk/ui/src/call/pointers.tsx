import type { Pointer } from "@gridhall/domain/seats/assist.ts";
import { type CSSProperties, useEffect, useLayoutEffect, useState } from "react";
import { useKiosk, useWords } from "../context.ts";
import { elementOf } from "./pageMap.ts";

interface Places {
  ring: CSSProperties | null;
  spot: CSSProperties | null;
}

const NOWHERE: Places = { ring: null, spot: null };
const RING_PX = 10;

/** What the agent points at, painted over the page and in nobody's way: touches go through. */
export function Pointers() {
  const { view } = useKiosk();
  const { t } = useWords();
  const { pointer = null, highlight = null } = view.call ?? {};
  const places = usePlaces(pointer, highlight);
  useScrollTo(highlight);
  const ring = highlight === null ? null : places.ring;
  const spot = pointer === null ? null : places.spot;
  if (!ring && !spot) return null;
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

/** The page moves under the pointer, by scrolling and by its own changes: followed picture by picture. */
function usePlaces(pointer: Pointer | null, highlight: string | null): Places {
  const [places, setPlaces] = useState(NOWHERE);
  useLayoutEffect(() => {
    if (!pointer && highlight === null) return undefined;
    let before = "";
    let frame = 0;
    const look = () => {
      frame = requestAnimationFrame(look);
      const now: Places = {
        ring: highlight === null ? null : ringAround(highlight),
        spot: pointer && spotOf(pointer),
      };
      const said = JSON.stringify(now);
      if (said !== before) setPlaces(now);
      before = said;
    };
    look();
    return () => cancelAnimationFrame(frame);
  }, [pointer, highlight]);
  return places;
}

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

/** What is highlighted below the fold is brought into sight. */
function useScrollTo(elementId: string | null): void {
  useEffect(() => {
    if (elementId !== null) elementOf(elementId)?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }, [elementId]);
}
