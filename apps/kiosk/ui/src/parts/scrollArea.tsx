import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { useWords } from "../context.ts";
import { Button } from "./button.tsx";

/** Where a page is taller than the room (large print, a long bill): two buttons move it, a finger may too. */
export function ScrollArea({ children }: { children: ReactNode }) {
  const { t } = useWords();
  const area = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [reach, setReach] = useState({ up: false, down: false });
  // The buttons take room from the page, and a narrower page may be lower (a chart): once shown in a frame of this size
  // they stay, or they would come and go without end.
  const [shownAt, setShownAt] = useState<string | null>(null);

  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    const measure = () => {
      if (element.clientHeight === 0) return;
      const up = element.scrollTop > 2;
      const down = element.scrollTop + element.clientHeight < element.scrollHeight - 4;
      const at = `${frame.current?.clientWidth}×${frame.current?.clientHeight}`;
      const overflows = up || down;
      setShownAt((before) => (overflows ? at : before === at ? before : null));
      setReach((before) => (before.up === up && before.down === down ? before : { up, down }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    element.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", measure);
    };
  });

  const move = (direction: 1 | -1) =>
    area.current?.scrollBy({ top: direction * area.current.clientHeight * 0.7, behavior: "smooth" });
  const overflows = shownAt !== null;
  return (
    <div ref={frame} className={`scroll ${overflows ? "scroll-overflows" : ""}`}>
      <div className="scroll-area" ref={area} {...(overflows ? { tabIndex: 0, role: "group" } : {})}>
        {children}
      </div>
      {overflows && (
        <div className="scroll-buttons">
          <Button action="scroll:up" icon="up" off={!reach.up} label={t("page.up")} onPress={() => move(-1)} />
          <Button action="scroll:down" icon="down" off={!reach.down} label={t("page.down")} onPress={() => move(1)} />
        </div>
      )}
    </div>
  );
}
