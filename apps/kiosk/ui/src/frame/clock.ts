import { chinaClock } from "@gridhall/ui/format.ts";
import { useEffect, useState } from "react";
import { useKiosk } from "../context.ts";

/** The terminal's trusted time, carried on between two views by the browser's monotonic clock, never by its own date. */
export function useClock(): { time: string; day: string } {
  const { view } = useKiosk();
  const { now } = view.terminal;
  const [epochMs, setEpochMs] = useState(() => Date.parse(now));
  useEffect(() => {
    const [baseMs, startMs] = [Date.parse(now), performance.now()];
    const tick = () => setEpochMs(baseMs + performance.now() - startMs);
    tick();
    const timer = setInterval(tick, 5_000);
    return () => clearInterval(timer);
  }, [now]);
  return Number.isNaN(epochMs) ? { time: "", day: "" } : chinaClock(epochMs, view.settings.language);
}
