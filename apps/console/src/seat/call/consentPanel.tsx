import { CONSENT_LEVELS, type ConsentLevel } from "@gridhall/domain/seats/assist.ts";
import type { DeskCall } from "@gridhall/domain/seats/desk.ts";
import { Button, Tooltip } from "antd";
import { useWords } from "../../i18n/language.tsx";
import { keyOf } from "../keyboard.ts";
import { desk } from "../link/desk.ts";
import { useKeys } from "../useKeys.ts";
import { nextConsent } from "./consent.ts";
import { ProposalMark } from "./proposalMark.tsx";

const STEPS = CONSENT_LEVELS.filter((level) => level !== "none");

/** How far the customer lets the agent help, what each step permits, and asking for the next. */
export function ConsentPanel({ call }: { call: DeskCall }) {
  const { t, code } = useWords();
  const next = nextConsent(call.consent);
  const given = CONSENT_LEVELS.indexOf(call.consent);
  const ask = (level: ConsentLevel) => void desk.order({ type: "ask-consent", callId: call.callId, level });
  useKeys(next ? { "ask-consent": () => ask(next) } : {});
  return (
    <section className="consent" aria-label={t("consent.title")} data-testid="consent" data-level={call.consent}>
      <ol>
        {STEPS.map((level) => {
          const reached = CONSENT_LEVELS.indexOf(level) <= given;
          return (
            <li key={level} className={reached ? "reached" : undefined} aria-current={level === call.consent}>
              <Tooltip title={code("consent-permits", level)}>
                {reached ? (
                  <span>{code("consent", level)}</span>
                ) : (
                  <button type="button" onClick={() => ask(level)} data-testid={`ask-consent-${level}`}>
                    {code("consent", level)}
                  </button>
                )}
              </Tooltip>
            </li>
          );
        })}
      </ol>
      <p className="consent-now">{code("consent-permits", call.consent)}</p>
      <div className="buttons">
        {next ? (
          <Tooltip title={`${code("consent-permits", next)} (${keyOf("ask-consent")})`}>
            <Button
              size="small"
              type="primary"
              ghost
              onClick={() => ask(next)}
              data-testid="ask-consent"
              data-level={next}
            >
              {t("consent.ask", { level: code("consent", next) })}
            </Button>
          </Tooltip>
        ) : null}
        {call.recording ? null : (
          <Button
            size="small"
            onClick={() => desk.order({ type: "ask-recording", callId: call.callId })}
            data-testid="ask-recording"
          >
            {t("call.ask-recording")}
          </Button>
        )}
      </div>
      <ProposalMark call={call} />
    </section>
  );
}
