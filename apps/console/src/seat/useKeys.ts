import { useEffect, useRef } from "react";
import { actionOfKey, isTyping, type SeatAction } from "./keyboard.ts";

/** Handles the desk's keys while the component is shown. Keys without a handler keep what the browser does with them. */
export function useKeys(handlers: Partial<Record<SeatAction, () => void>>): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      const { key, shiftKey, ctrlKey, altKey, metaKey, repeat } = event;
      const action = actionOfKey({
        ...{ key, shiftKey, ctrlKey, altKey, metaKey, repeat },
        typing: isTyping(event.target),
      });
      const handler = action && latest.current[action];
      if (!handler) return;
      event.preventDefault();
      handler();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}
