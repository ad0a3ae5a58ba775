import { type ComponentProps, useEffect, useRef } from "react";

/** A picture that follows its stream. Sound is played elsewhere, so that it does not depend on what is on the page. */
export function Video({ stream, ...rest }: { stream: MediaStream | null } & Omit<ComponentProps<"video">, "ref">) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (!video || video.srcObject === stream) return;
    video.srcObject = stream;
    // Refused only while the tab loads; `autoplay` goes on by itself then.
    if (stream) video.play().catch(() => {});
  }, [stream]);
  // oxlint-disable-next-line jsx-a11y/media-has-caption
  return <video {...rest} ref={element} autoPlay playsInline muted />;
}
