import type { Proposal } from "@gridhall/domain/seats/assist.ts";
import type { DeskCall } from "@gridhall/domain/seats/desk.ts";
import { Button } from "antd";
import { useWords, type Words } from "../../i18n/language.tsx";
import { desk } from "../link/desk.ts";
import { proposalState } from "./consent.ts";

/** Where the last proposal stands: the customer decides, and it is said what they decided. */
export function ProposalMark({ call }: { call: DeskCall }) {
  const words = useWords();
  const { t } = words;
  const state = proposalState(call);
  return (
    <div className={`proposal ${state.name}`} role="status" data-testid="proposal-state" data-state={state.name}>
      {state.name === "none" ? null : state.name === "waiting" ? (
        <>
          <i aria-hidden="true" />
          <span>{t("proposal.waiting", { what: proposalWords(state.proposal, words) })}</span>
          <Button
            size="small"
            type="link"
            onClick={() => desk.order({ type: "withdraw", callId: call.callId, proposalId: state.proposal.proposalId })}
            data-testid="proposal-withdraw"
          >
            {t("proposal.withdraw")}
          </Button>
        </>
      ) : (
        <span>{t(`proposal.${state.name}`)}</span>
      )}
    </div>
  );
}

function proposalWords(proposal: Proposal, { t, code, pick }: Words): string {
  switch (proposal.kind) {
    case "field":
      return t("proposal.field", { label: pick(proposal.label.zh, proposal.label.en), value: proposal.shown });
    case "move":
      return pick(proposal.label.zh, proposal.label.en);
    case "consent":
      return t("proposal.consent", { level: code("consent", proposal.level) });
    case "recording":
      return t("proposal.recording");
    default:
      return proposal satisfies never;
  }
}
