/** What keys do at the desk. One list: the handler, the tooltips and the help page all read it. */
export const SHORTCUTS = [
  { action: "ready", key: "F2", shift: false },
  { action: "break", key: "F3", shift: false },
  { action: "accept", key: "F4", shift: false },
  { action: "refuse", key: "F4", shift: true },
  { action: "hold", key: "F6", shift: false },
  { action: "mute", key: "F7", shift: false },
  { action: "hang-up", key: "F8", shift: false },
  { action: "propose", key: "F9", shift: false },
  { action: "ask-consent", key: "F9", shift: true },
  { action: "help", key: "?", shift: false },
] as const;
export type SeatAction = (typeof SHORTCUTS)[number]["action"];

export interface Keystroke {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
  /** The focus is where text is typed: function keys still work there, characters are text. */
  readonly typing: boolean;
}

/** Null: the key is not ours. A key that is held down acts once. */
export function actionOfKey(stroke: Keystroke): SeatAction | null {
  if (stroke.ctrlKey || stroke.altKey || stroke.metaKey || stroke.repeat) return null;
  if (stroke.key === "?") return stroke.typing ? null : "help";
  return SHORTCUTS.find(({ key, shift }) => key === stroke.key && shift === stroke.shiftKey)?.action ?? null;
}

/** `Shift+F4`, as it is written in tooltips. */
export function keyOf(action: SeatAction): string {
  const found = SHORTCUTS.find((one) => one.action === action);
  return found ? `${found.shift ? "Shift+" : ""}${found.key}` : "";
}

const TYPED = new Set(["text", "search", "tel", "number", "password", "email", "url", ""]);

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return TYPED.has(target.type);
  return target instanceof HTMLTextAreaElement || target.isContentEditable;
}
