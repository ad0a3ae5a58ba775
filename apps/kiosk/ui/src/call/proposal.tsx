import type { Proposal } from "@gridhall/domain/seats/assist.ts";
import { useEffect, useRef } from "react";
import { useKiosk, useWords } from "../context.ts";
import { Button } from "../parts/button.tsx";
import { ScrollArea } from "../parts/scrollArea.tsx";
import { speak } from "../voice.ts";

/** One thing that the agent asks; nothing of it happens before the customer says yes. */
export function ProposalCard({ proposal }: { proposal: Proposal }) {
  const { act, view } = useKiosk();
  const { t, language } = useWords();
  const card = useRef<HTMLDivElement>(null);
  const { title, value, text } = useProposalWords(proposal);
  const { voice } = view.settings;
  useEffect(() => {
    card.current?.focus({ preventScroll: true });
  }, []);
  const spoken = [title, value, text].filter((part) => part !== null).join(" ");
  useEffect(() => {
    if (voice) speak(spoken, language);
  }, [voice, spoken, language]);
  const answer = (accept: boolean) => act({ type: "call-answer", proposalId: proposal.proposalId, accept });
  return (
    <div
      className="call-side call-proposal"
      data-testid="call-proposal"
      data-kind={proposal.kind}
      data-proposal={proposal.proposalId}
      role="group"
      aria-labelledby="call-proposal-title"
      tabIndex={-1}
      ref={card}
    >
      <ScrollArea>
        <div className="call-words" aria-live="assertive">
          <h2 id="call-proposal-title" className="call-heading">
            {title}
          </h2>
          {value !== null && <p className="call-value tabular">{value}</p>}
          {text !== null && <p>{text}</p>}
        </div>
      </ScrollArea>
      <div className="actions">
        <Button action="call-decline" testId="call-decline" onPress={() => answer(false)}>
          {t("call.decline")}
        </Button>
        <Button action="call-accept" testId="call-accept" tone="primary" icon="check" onPress={() => answer(true)}>
          {t("call.accept")}
        </Button>
      </div>
    </div>
  );
}

function useProposalWords(proposal: Proposal): { title: string; value: string | null; text: string | null } {
  const { t, pick } = useWords();
  switch (proposal.kind) {
    case "field":
      return { title: t("call.propose-field", { label: pick(proposal.label) }), value: proposal.shown, text: null };
    case "move":
      return { title: t("call.propose-move"), value: pick(proposal.label), text: null };
    case "consent":
      return {
        title: t(`call.propose-${proposal.level}`),
        value: null,
        text: t(`call.propose-${proposal.level}-text`),
      };
    case "recording":
      return { title: t("call.propose-recording"), value: null, text: t("call.propose-recording-text") };
    default:
      return proposal satisfies never;
  }
}
