import { useEffect, useRef } from "react";
import { useKiosk, useWords } from "../context.ts";

/** Takes the focus when its part of the call begins: a screen reader reads on from there. */
export function CallHeading({ text, focus = true }: { text: string; focus?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) heading.current?.focus({ preventScroll: true });
  }, [focus]);
  return (
    <h2 tabIndex={-1} ref={heading} className="call-heading">
      {text}
    </h2>
  );
}

/** How else a person is reached. */
export function Hotline() {
  const { terminal } = useKiosk().view;
  const { t } = useWords();
  return (
    <p className="call-hotline">
      <span>
        {t("call.hotline")} <b className="tabular">{terminal.hotline}</b>
      </span>
      <span className="muted">
        {t("call.terminal")} <b className="tabular">{terminal.id}</b>
      </span>
    </p>
  );
}
