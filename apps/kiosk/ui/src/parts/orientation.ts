import { useSyncExternalStore } from "react";

/** Whether the screen stands upright (1080×1920) or lies (1920×1080): for drawings, which CSS cannot reshape. */
export function usePortrait(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = matchMedia("(orientation: portrait)");
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => matchMedia("(orientation: portrait)").matches,
    () => true,
  );
}
