import { useEffect, useState } from "react";
import { useKiosk } from "../context.ts";

/** Whole seconds since an instant of the terminal's trusted clock; carried on by the browser's monotonic one. */
export function useSecondsSince(sinceMs: number): number {
  const { now } = useKiosk().view.terminal;
  const [nowMs, setNowMs] = useState(() => Date.parse(now));
  useEffect(() => {
    const [baseMs, startMs] = [Date.parse(now), performance.now()];
    const tick = () => setNowMs(baseMs + performance.now() - startMs);
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [now]);
  return Math.max(0, Math.floor((nowMs - sinceMs) / 1_000));
}
