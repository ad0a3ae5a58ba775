/**
 * No way out of the page (requirement T6): no context menu, selection, drag, zoom, browser shortcut or drop of a file.
 * The window manager's own keys are the terminal's configuration, not the page's. Tab, Enter, Space, arrows and digits
 * stay: people with a switch or an external keypad use them.
 */
export function lockDown(target: Window): void {
  const stop = (event: Event) => event.preventDefault();
  for (const name of ["contextmenu", "selectstart", "dragstart", "dragover", "drop", "gesturestart", "gesturechange"])
    target.addEventListener(name, stop, { capture: true });
  target.addEventListener("wheel", (event) => event.ctrlKey && event.preventDefault(), { passive: false });
  target.addEventListener("touchmove", (event) => event.touches.length > 1 && event.preventDefault(), {
    passive: false,
  });
  target.addEventListener("keydown", (event) => !isAllowedKey(event) && event.preventDefault(), { capture: true });
  target.addEventListener("auxclick", stop, { capture: true });
}

export function isAllowedKey(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey">): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  return /^(\d|Tab|Enter| |Backspace|Delete|Escape|Arrow(Up|Down|Left|Right)|Shift)$/.test(event.key);
}

/** Calls `report` at a pointer's first touch, and then at most once in `everyMs` milliseconds. */
export function reportTouches(target: Window, everyMs: number, report: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY;
  const listener = (event: Event) => {
    if (event.timeStamp - last < everyMs) return;
    last = event.timeStamp;
    report();
  };
  const names = ["pointerdown", "keydown"] as const;
  for (const name of names) target.addEventListener(name, listener, { capture: true });
  return () => {
    for (const name of names) target.removeEventListener(name, listener, { capture: true });
  };
}
