import type { MediaToClient, ParticipantRole, TrackId } from "@gridhall/domain/media/schema.ts";
import { type ConnectionState, createMediaClient } from "@gridhall/media/client/mediaClient.ts";
import type { DeviceTrouble } from "@gridhall/domain/seats/callView.ts";
import type { CallMessage } from "../../connection.ts";
import { openDevice } from "./devices.ts";
import { createSpeaker } from "./speaker.ts";

/** A face to be shown. */
export interface RemoteFace {
  trackId: TrackId;
  role: ParticipantRole;
  track: MediaStreamTrack;
}

/** One call's place in its room: camera and microphone go there, faces and voices come from there. */
export interface CallRoom {
  readonly callId: string;
  receive(message: MediaToClient): void;
  publishScreen(track: MediaStreamTrack | null): void;
  signallingRestored(): void;
  /** Lets go of the room, of camera and microphone. Nothing is sent or heard afterwards. */
  close(): void;
}

export interface CallRoomEvents {
  onFaces(faces: readonly RemoteFace[]): void;
  onState(state: ConnectionState): void;
  onOwn(kind: "camera" | "microphone", track: MediaStreamTrack | null, trouble: DeviceTrouble): void;
}

/** A join that nobody answers was lost with a link; asked again. */
const JOIN_AGAIN_MS = 3_000;

export function enterRoom(callId: string, tell: (message: CallMessage) => void, events: CallRoomEvents): CallRoom {
  const faces = new Map<TrackId, RemoteFace>();
  const speaker = createSpeaker();
  const client = createMediaClient({
    send: (message) => tell({ type: "media", message }),
    onTrack(trackId, role, kind, track) {
      if (kind === "microphone") return speaker.play(trackId, track);
      if (kind !== "camera") return;
      faces.set(trackId, { trackId, role, track });
      events.onFaces([...faces.values()]);
    },
    onTrackEnded(trackId) {
      speaker.stop(trackId);
      if (faces.delete(trackId)) events.onFaces([...faces.values()]);
    },
    onState: events.onState,
  });
  const devices = (["camera", "microphone"] as const).map((kind) =>
    openDevice(kind, {
      onChange(track, trouble) {
        void client.publish(kind, track);
        events.onOwn(kind, track, trouble);
      },
    }),
  );
  let screen: MediaStreamTrack | null = null;
  const join = () => tell({ type: "media-join" });
  let joining: ReturnType<typeof setInterval> | null = setInterval(join, JOIN_AGAIN_MS);
  const joined = () => {
    if (joining) clearInterval(joining);
    joining = null;
  };
  join();

  return {
    callId,
    receive(message) {
      // A page that was here before is told that it was replaced; that is no word to this one.
      if (joining && message.type !== "welcome") return;
      joined();
      client.receive(message);
    },
    publishScreen(track) {
      if (track === screen) return;
      screen = track;
      void client.publish("screen", track);
    },
    signallingRestored() {
      if (joining) join();
      else client.signallingRestored();
    },
    close() {
      joined();
      for (const device of devices) device.close();
      client.close();
      speaker.close();
    },
  };
}
