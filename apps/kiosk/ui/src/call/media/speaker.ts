import type { TrackId } from "@gridhall/domain/media/schema.ts";

/** The agent's voice: not part of any page, so that it goes on while pages change. */
export interface Speaker {
  play(trackId: TrackId, track: MediaStreamTrack): void;
  stop(trackId: TrackId): void;
  close(): void;
}

export function createSpeaker(): Speaker {
  const players = new Map<TrackId, HTMLAudioElement>();
  const start = (player: HTMLAudioElement) => {
    player.play().catch(() => {
      // After a reload the browser may want a touch first; a terminal runs with `--autoplay-policy` to need none.
      window.addEventListener("pointerup", () => players.size > 0 && void player.play().catch(() => {}), {
        capture: true,
        once: true,
      });
    });
  };
  const stop = (trackId: TrackId) => {
    const player = players.get(trackId);
    if (!player) return;
    player.pause();
    player.srcObject = null;
    players.delete(trackId);
  };
  return {
    play(trackId, track) {
      stop(trackId);
      const player = new Audio();
      player.srcObject = new MediaStream([track]);
      players.set(trackId, player);
      start(player);
    },
    stop,
    close() {
      for (const trackId of [...players.keys()]) stop(trackId);
    },
  };
}
