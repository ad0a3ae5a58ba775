import { Tag } from "antd";
import { useEffect, useState } from "react";
import { useWords } from "../i18n/language.tsx";
import { ago, clock, yuan } from "./format.ts";

export function Money({ fen, strong = false }: { fen: number; strong?: boolean }) {
  return <span className={strong ? "figure strong" : fen === 0 ? "figure faint" : "figure"}>{yuan(fen)}</span>;
}

export function Clock({ at }: { at: string | null }) {
  const { t } = useWords();
  return at === null ? (
    <span className="faint">{t("none")}</span>
  ) : (
    <time className="figure" dateTime={at}>
      {clock(at)}
    </time>
  );
}

/** The present, renewed every few seconds: for words such as "3 minutes ago". */
export function useNow(everyMs = 5_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export function Ago({ at }: { at: string | null }) {
  const words = useWords();
  const now = useNow();
  return at === null ? (
    <span className="faint">{words.t("time.never")}</span>
  ) : (
    <time className="figure" dateTime={at} title={clock(at)}>
      {ago(at, now, words)}
    </time>
  );
}

export type Tone = "success" | "warning" | "error" | "processing" | "default";

/** A state in words, with a colour that never stands alone. */
export function StateTag({ group, value, tone }: { group: string; value: string; tone: Tone }) {
  const { code } = useWords();
  return (
    <Tag color={tone} className="state">
      {code(group, value)}
    </Tag>
  );
}

export const tones = {
  kiosk: (state: string): Tone =>
    state === "in-service"
      ? "success"
      : state === "attention" || state === "out-of-service"
        ? "warning"
        : state === "offline" || state === "revoked"
          ? "error"
          : "default",
  payment: (state: string): Tone =>
    state === "credited"
      ? "success"
      : state === "case"
        ? "error"
        : ["returned", "cancelled", "closed", "refunded"].includes(state)
          ? "default"
          : "processing",
  case: (state: string): Tone => (state === "open" ? "error" : state === "in-progress" ? "warning" : "success"),
  command: (state: string): Tone =>
    state === "done" ? "success" : state === "pending" ? "processing" : state === "failed" ? "error" : "warning",
  outcome: (outcome: string | null): Tone =>
    outcome === null
      ? "processing"
      : ["completed", "done"].includes(outcome)
        ? "success"
        : ["interrupted", "failed"].includes(outcome)
          ? "error"
          : "default",
};
