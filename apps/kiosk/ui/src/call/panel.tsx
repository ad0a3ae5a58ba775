import type { CallView } from "@gridhall/domain/seats/callView.ts";
import { useWords } from "../context.ts";
import { isWithAgent } from "./callPhases.ts";
import { CallbackForm, MessageForm } from "./forms.tsx";
import { Failed, Left, Nobody, Rating, Thanks } from "./leaving.tsx";
import { Offer } from "./offer.tsx";
import { usePageMap } from "./pageMap.ts";
import { Talk } from "./talk.tsx";
import { Waiting } from "./waiting.tsx";

/**
 * The call with an agent, docked beside the page so that business goes on: the upper third of an upright screen, the
 * right column of a lying one. Nothing of it ever lies over the page but what the agent points with.
 */
export function CallPanel({ call }: { call: CallView }) {
  const { t } = useWords();
  usePageMap();
  return (
    <aside
      className="call-panel"
      data-testid="call-panel"
      data-phase={call.phase.name}
      data-call={call.callId ?? ""}
      aria-label={t("call.panel")}
    >
      <Phase call={call} />
    </aside>
  );
}

function Phase({ call }: { call: CallView }) {
  const { phase } = call;
  if (isWithAgent(phase)) return <Talk call={call} phase={phase} />;
  switch (phase.name) {
    case "offer":
      return <Offer online={phase.online} />;
    case "waiting":
      return <Waiting phase={phase} />;
    case "nobody":
      return <Nobody choices={phase.choices} />;
    case "callback-form":
      return <CallbackForm problem={phase.problem} />;
    case "message-form":
      return <MessageForm problem={phase.problem} />;
    case "left":
      return <Left what={phase.what} />;
    case "rating":
      return <Rating />;
    case "thanks":
      return <Thanks />;
    case "failed":
      return <Failed reason={phase.reason} />;
    default:
      return phase satisfies never;
  }
}
