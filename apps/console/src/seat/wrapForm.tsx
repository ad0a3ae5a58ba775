import { type DeskState, type OutcomeCode, OUTCOMES } from "@gridhall/domain/seats/desk.ts";
import { Button, Input, Progress } from "antd";
import { useEffect, useState } from "react";
import { useWords } from "../i18n/language.tsx";
import { callerFacts } from "./callerFacts.ts";
import { forgetNote, useNote } from "./drafts.ts";
import { isTyping } from "./keyboard.ts";
import { desk, useCentreNow } from "./link/desk.ts";
import { stopwatch } from "./seatTime.ts";

type Wrap = NonNullable<DeskState["wrap"]>;
const SOON_MS = 10_000;

/** After-work: how it came out, a note, and how long there still is for it. */
export function WrapForm({ wrap }: { wrap: Wrap }) {
  const words = useWords();
  const { t, pick } = words;
  const now = useCentreNow(250);
  const [beganMs] = useState(now);
  const [outcome, setOutcome] = useState<OutcomeCode | null>(null);
  const [missing, setMissing] = useState(false);
  const { note, set } = useNote(wrap.callId, wrap.note);
  const leftMs = Math.max(0, wrap.untilMs - now);
  const done = () => {
    if (!outcome) return setMissing(true);
    if (desk.order({ type: "wrap", callId: wrap.callId, outcome, note })) forgetNote(wrap.callId);
  };
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
      const chosen = OUTCOMES[Number(event.key) - 1];
      if (chosen) setOutcome(chosen.code);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  return (
    <section className="panel wrap-form" aria-label={t("wrap.title")} data-testid="wrap-form">
      <div className="wrap-head">
        <div>
          <h1>{t("wrap.title")}</h1>
          <p className="faint">
            {pick(wrap.caller.hallZh, wrap.caller.hallEn)} · {pick(wrap.caller.kioskZh, wrap.caller.kioskEn)}
            {callerFacts(wrap.caller, words)
              .slice(0, 1)
              .map((fact) => ` · ${fact.value}`)
              .join("")}
          </p>
        </div>
        <span className="spread" />
        <div className={leftMs < SOON_MS ? "wrap-time soon" : "wrap-time"} role="timer" data-testid="wrap-left">
          <b className="figure">{stopwatch(leftMs)}</b>
          <span>{t("wrap.left")}</span>
        </div>
        <Button disabled={wrap.extended} onClick={() => desk.order({ type: "extend-wrap" })} data-testid="wrap-extend">
          {t(wrap.extended ? "wrap.extended" : "wrap.extend")}
        </Button>
      </div>
      <Progress
        percent={(100 * leftMs) / Math.max(1, wrap.untilMs - beganMs)}
        showInfo={false}
        size="small"
        strokeColor={leftMs < SOON_MS ? "#A8201A" : "#00695C"}
        aria-hidden="true"
      />
      <h2>{t("wrap.outcome")}</h2>
      <div className="outcomes" role="radiogroup" aria-label={t("wrap.outcome")}>
        {OUTCOMES.map(({ code, zh, en }, index) => (
          <Button
            key={code}
            size="large"
            role="radio"
            aria-checked={outcome === code}
            type={outcome === code ? "primary" : "default"}
            onClick={() => {
              setOutcome(code);
              setMissing(false);
            }}
            data-testid={`wrap-outcome-${code}`}
          >
            <kbd>{index + 1}</kbd> {pick(zh, en)}
          </Button>
        ))}
      </div>
      {missing && !outcome ? (
        <p className="field-problem" role="alert">
          {t("wrap.outcome-missing")}
        </p>
      ) : null}
      <h2>{t("note.title")}</h2>
      <Input.TextArea
        value={note}
        rows={6}
        maxLength={4000}
        aria-label={t("note.title")}
        placeholder={t("note.hint")}
        onChange={(event) => set(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && event.ctrlKey) done();
        }}
        data-testid="wrap-note"
      />
      <div className="buttons">
        <Button type="primary" size="large" onClick={done} data-testid="wrap-done">
          {t("wrap.done")} <kbd>Ctrl+Enter</kbd>
        </Button>
        <span className="faint">{t("wrap.afterwards")}</span>
      </div>
    </section>
  );
}
