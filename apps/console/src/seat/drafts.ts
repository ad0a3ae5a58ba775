import type { CallId } from "@gridhall/domain/seats/schema.ts";
import { useEffect, useRef, useState } from "react";
import { desk, useDesk } from "./link/desk.ts";

const PAUSE_MS = 700;
/** Notes as they are being typed, by call: a note outlives the page, and goes on in the wrap-up where it was left. */
const drafts = new Map<CallId, string>();

export type NoteState = "saved" | "saving" | "offline";

/** The note of a call, sent when typing pauses and whenever the line is back. `stored` is what the centre has. */
export function useNote(callId: CallId, stored: string): { note: string; state: NoteState; set(note: string): void } {
  const { link } = useDesk();
  const [note, setNote] = useState(() => drafts.get(callId) ?? stored);
  const [sent, setSent] = useState(stored);
  const unsent = useRef<string | null>(null);
  const dirty = note !== sent;
  useEffect(() => {
    unsent.current = dirty ? note : null;
    if (!dirty || link !== "open") return;
    const timer = setTimeout(() => {
      if (desk.hint({ type: "note", callId, note })) setSent(note);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [note, dirty, link, callId]);
  useEffect(
    () => () => {
      // Going to another page, or the call's end, does not wait for the pause.
      if (unsent.current !== null) desk.hint({ type: "note", callId, note: unsent.current });
    },
    [callId],
  );
  return {
    note,
    state: !dirty ? "saved" : link === "open" ? "saving" : "offline",
    set: (next) => {
      drafts.set(callId, next);
      setNote(next);
    },
  };
}

export function forgetNote(callId: CallId): void {
  drafts.delete(callId);
}
