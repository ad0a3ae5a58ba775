import { createContext, useContext, useSyncExternalStore } from "react";
import type { CallMessage } from "../connection.ts";
import { type CallMedia, type CallMediaView, NO_MEDIA } from "./media/callMedia.ts";

/** What a call needs beside the view: its media, and a line for what is not an action of the customer. */
export interface CallLine {
  media: Pick<CallMedia, "view" | "subscribe">;
  tell(message: CallMessage): void;
}

const SILENT: CallLine = { media: { view: () => NO_MEDIA, subscribe: () => () => {} }, tell: () => {} };

export const CallContext = createContext<CallLine>(SILENT);

export function useCallMedia(): CallMediaView {
  const { media } = useContext(CallContext);
  return useSyncExternalStore(media.subscribe, media.view, media.view);
}

export function useTell(): CallLine["tell"] {
  return useContext(CallContext).tell;
}
