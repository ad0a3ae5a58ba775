import type { DeskOffer } from "@gridhall/domain/seats/desk.ts";
import { useEffect, useState } from "react";
import { useWords } from "../../i18n/language.tsx";
import { startRinging, stopRinging } from "./ringTone.ts";

const BLINK_MS = 900;

/** While an offer is open: the tone, the blinking title of the window, and a notification where that is allowed. */
export function useRinging(offer: DeskOffer | null): void {
  const { t, pick } = useWords();
  const key = offer ? `${offer.callId} ${offer.callEpoch}` : null;
  const kind = offer?.kind ?? "call";
  const title = offer ? t(`offer.title-${kind}`) : "";
  const body = offer
    ? [pick(offer.caller.hallZh, offer.caller.hallEn), pick(offer.caller.kioskZh, offer.caller.kioskEn)].join(" · ")
    : "";
  useEffect(() => {
    if (key === null) return;
    startRinging(kind);
    return stopRinging;
  }, [key, kind]);
  useEffect(() => {
    if (key === null) return;
    const before = document.title;
    let shown = "";
    const timer = setInterval(() => {
      // The page may have set its own title meanwhile; that one is put back then.
      const own = document.title === shown ? before : document.title;
      shown = document.title === shown ? own : `● ${title} ${body}`;
      document.title = shown;
    }, BLINK_MS);
    return () => {
      clearInterval(timer);
      if (document.title.startsWith("● ")) document.title = before;
    };
  }, [key, title, body]);
  useEffect(() => {
    if (key === null || !("Notification" in globalThis) || Notification.permission !== "granted") return;
    if (document.hasFocus()) return;
    const shown = new Notification(title, { body, tag: "gridhall.offer", requireInteraction: true, silent: true });
    shown.addEventListener("click", () => {
      globalThis.focus();
      shown.close();
    });
    return () => shown.close();
  }, [key, title, body]);
}

export type NotifyPermission = "granted" | "denied" | "default" | "unsupported";

/** Whether notifications may be shown; `ask` has to be called from a click. */
export function useNotifyPermission(): { permission: NotifyPermission; ask(): void } {
  const [permission, setPermission] = useState<NotifyPermission>(() =>
    "Notification" in globalThis ? Notification.permission : "unsupported",
  );
  return {
    permission,
    ask: () => {
      void Notification.requestPermission().then(setPermission);
    },
  };
}
