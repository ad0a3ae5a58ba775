import { allows } from "@gridhall/domain/seats/assist.ts";
import type { DeskCall } from "@gridhall/domain/seats/desk.ts";
import { Button, Tag } from "antd";
import { useWords } from "../../i18n/language.tsx";
import { Nothing } from "../../parts/states.tsx";
import { desk } from "../link/desk.ts";
import { FieldProposals } from "./fieldProposals.tsx";

/** The customer's journey as data, and how the agent helps with it. */
export function JourneyPanel({ call, helper }: { call: DeskCall; helper: boolean }) {
  const { t, code, pick } = useWords();
  const { journey, callId } = call;
  if (!journey)
    return (
      <Nothing
        title={t(allows(call.consent, "view") ? "journey-help.none" : "journey-help.no-consent")}
        hint={t(allows(call.consent, "view") ? "journey-help.none-hint" : "journey-help.no-consent-hint")}
      />
    );
  const proposes = helper && allows(call.consent, "fill");
  const controls = helper && allows(call.consent, "control") && journey.controllable;
  return (
    <div className="journey-help" data-testid="journey-help" data-screen={journey.screen}>
      <div className="journey-where">
        <b>{journey.title ? pick(journey.title.zh, journey.title.en) : t("journey-help.no-service")}</b>
        <span>{code("kiosk-screen", journey.screen)}</span>
        {journey.step ? <Tag>{t("journey-help.step", { index: journey.step.index, of: journey.step.of })}</Tag> : null}
        {journey.busy ? <Tag color="processing">{t("journey-help.busy")}</Tag> : null}
        {journey.controllable ? null : <Tag color="warning">{t("journey-help.customers-alone")}</Tag>}
      </div>
      {journey.answers.length === 0 ? null : (
        <dl className="answers">
          {journey.answers.map((answer) => (
            <div key={answer.label.zh}>
              <dt>{pick(answer.label.zh, answer.label.en)}</dt>
              <dd>{answer.value}</dd>
            </div>
          ))}
        </dl>
      )}
      {helper && !proposes && journey.fields.length + journey.moves.length > 0 ? (
        <p className="faint">{t("journey-help.ask-fill")}</p>
      ) : null}
      {proposes ? (
        <FieldProposals
          key={`${journey.screen} ${journey.fields.map((one) => one.field).join()}`}
          callId={callId}
          fields={journey.fields}
          controls={controls}
        />
      ) : null}
      {proposes && journey.moves.length > 0 ? (
        <section>
          <h3>{t("journey-help.moves")}</h3>
          <ul className="moves">
            {journey.moves.map(({ move, label }) => (
              <li key={move}>
                <span>{pick(label.zh, label.en)}</span>
                <Button
                  size="small"
                  onClick={() => desk.order({ type: "propose-move", callId, move })}
                  data-testid={`propose-move-${move}`}
                >
                  {t("journey-help.propose")}
                </Button>
                {controls ? (
                  <Button
                    size="small"
                    type="primary"
                    ghost
                    onClick={() => desk.order({ type: "control-move", callId, move })}
                    data-testid={`control-move-${move}`}
                  >
                    {t("journey-help.do")}
                  </Button>
                ) : null}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  );
}
