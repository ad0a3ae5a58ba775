import { useSyncExternalStore } from "react";
import { useDesk } from "../link/desk.ts";
import type { CallMedia, MediaView } from "../media/callMedia.ts";

const never = () => () => {};
const nothing = () => null;

/** Pictures and devices of the present call; null for a moment at its beginning. */
export function useMedia(): { media: CallMedia | null; view: MediaView | null } {
  const { media } = useDesk();
  const view = useSyncExternalStore<MediaView | null>(media?.subscribe ?? never, media?.view ?? nothing);
  return { media, view };
}
