import { useEffect, useRef } from "react";
import { useWords } from "../context.ts";
import { Icon } from "../parts/icon.tsx";
import { useCallMedia } from "./callContext.ts";
import type { TalkPhase } from "./callPhases.ts";

/** The agent's face, large; others who have joined beside it; the customer's own picture, small. */
export function Faces({ phase, recording }: { phase: TalkPhase; recording: boolean }) {
  const { t } = useWords();
  const { faces, own, state } = useCallMedia();
  const [first, ...others] = faces.toSorted((a, b) => Number(b.role === "agent") - Number(a.role === "agent"));
  const connected = state === "connected";
  // Pictures stand under black in what the agent sees of this page: nobody needs to see themselves twice.
  return (
    <div className="call-faces" data-state={state} data-sensitive="pictures">
      {recording && (
        <p className="call-recorded" role="status" data-testid="call-recording">
          <i className="call-dot" aria-hidden="true" />
          <span>{t("call.recording")}</span>
        </p>
      )}
      {first ? (
        <Picture testId="agent-video" label={t("call.agent-picture")} track={first.track} className="call-face" />
      ) : (
        <div className="call-face call-no-face" data-testid="agent-no-video">
          <Icon name="person" className={connected ? "full-icon" : "full-icon pulsing"} />
          <p>{t(connected && phase.name === "talking" ? "call.no-camera" : "call.connecting-picture")}</p>
        </div>
      )}
      {others.length > 0 && (
        <div className="call-others">
          {others.slice(0, 3).map((face) => (
            <Picture key={face.trackId} label={t("call.agent-picture")} track={face.track} />
          ))}
        </div>
      )}
      {own && <Picture testId="own-video" label={t("call.own-picture")} track={own} className="call-own" />}
      {first && !connected && <p className="call-reconnecting">{t("call.connecting-picture")}</p>}
    </div>
  );
}

function Picture({
  track,
  label,
  className = "",
  testId,
}: {
  track: MediaStreamTrack;
  label: string;
  className?: string;
  testId?: string;
}) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    element.srcObject = new MediaStream([track]);
    // Always silent: voices come from `speaker.ts`, so that nothing stops a picture from playing.
    element.play().catch(() => {});
    return () => {
      element.srcObject = null;
    };
  }, [track]);
  return <video ref={video} className={className} data-testid={testId} aria-label={label} muted autoPlay playsInline />;
}
