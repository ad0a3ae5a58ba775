import { OfferReason } from "@gridhall/domain/routing/reason.ts";
import type { CallDetail } from "@gridhall/domain/seats/api.ts";
import type { CallEvent } from "@gridhall/domain/seats/call.ts";
import { z } from "zod";
import type { Words } from "../../i18n/language.tsx";
import { span } from "../../parts/format.ts";
import type { Moment } from "../../parts/timeline.tsx";
import type { Names } from "../policies/policyWords.ts";
import { whyChosen, whyNotText } from "../reasonText.ts";

const TONES: Partial<Record<CallEvent["type"], Moment["tone"]>> = {
  ...{ connected: "good", rejoined: "good", rated: "good" },
  ...{ interrupted: "bad", requeued: "bad", refused: "bad", "offer-expired": "bad", abandoned: "bad" },
};

/** What happened in a call, in order, each offer with the router's reason for it. */
export function momentsOf(call: CallDetail, names: Names, words: Words): Moment[] {
  const { t, code } = words;
  const reasons = call.decisions.flatMap(({ decision }) => {
    const offered = z.object({ reason: OfferReason, callEpoch: z.number() }).safeParse(decision);
    const plain = OfferReason.safeParse(decision);
    return offered.success ? [offered.data.reason] : plain.success ? [plain.data] : [];
  });
  let offers = 0;
  const startMs = call.events[0]?.atMs ?? call.requestedMs;
  return call.events.map((event) => {
    const facts = factsOf(event, names, words);
    if (event.type === "offered") {
      const reason = reasons[offers];
      offers += 1;
      if (reason && reason.chosen.seatId === event.seatId) {
        facts.push({ label: t("call.because"), value: whyChosen(reason.chosen, words) });
        facts.push({
          label: t("call.policy"),
          value: `${reason.policyId} v${reason.version} · ${t("policy.step-n", { n: reason.step + 1 })}`,
        });
        for (const other of reason.others)
          facts.push({
            label: t("call.not"),
            value: `${other.seatIds.map(names.agent).join(t("reason.and"))}${t("policy.colon")}${whyNotText(other.whyNot, names, words)}`,
          });
      }
    }
    if (event.seq > 1) facts.push({ label: t("call.after"), value: span((event.atMs - startMs) / 1000, words) });
    return {
      key: String(event.seq),
      at: new Date(event.atMs).toISOString(),
      title: code("call-event", event.type),
      tone: TONES[event.type] ?? "plain",
      facts,
    };
  });
}

function factsOf(event: CallEvent, names: Names, words: Words): { label: string; value: string }[] {
  const { t, code } = words;
  const agent = (seatId: string) => ({ label: t("calls.agent"), value: names.agent(seatId) });
  switch (event.type) {
    case "queued":
      return [
        {
          label: t("call.policy"),
          value: event.policy ? `${event.policy.policyId} v${event.policy.version}` : t("dry-run.no-policy"),
        },
      ];
    case "step-advanced":
      return [{ label: t("policy.steps"), value: t("policy.step-n", { n: event.step + 1 }) }];
    case "offered":
    case "accepted":
    case "connected":
    case "wrap-ended":
      return [agent(event.seatId)];
    case "offer-expired":
      return [agent(event.seatId), { label: t("call.cause"), value: code("offer-cause", event.cause) }];
    case "refused":
      return [agent(event.seatId), ...(event.reason === "" ? [] : [{ label: t("call.cause"), value: event.reason }])];
    case "interrupted":
      return [{ label: t("call.side"), value: code("call-side", event.side) }];
    case "transferred":
      return [
        { label: t("call.from"), value: names.agent(event.fromSeatId) },
        { label: t("call.to"), value: event.to.kind === "seat" ? names.agent(event.to.seatId) : t("call.queue") },
      ];
    case "requeued":
      return [
        { label: t("call.from"), value: names.agent(event.fromSeatId) },
        { label: t("call.cause"), value: code("requeue-cause", event.cause) },
      ];
    case "callback-left":
      return event.phone === null ? [] : [{ label: t("messages.phone"), value: event.phone }];
    case "ended":
      return [
        { label: t("call.by"), value: code("ended-by", event.by) },
        { label: t("call.cause"), value: code("ended-reason", event.reason) },
      ];
    case "rated":
      return [{ label: t("calls.rating"), value: t("calls.score", { n: event.score }) }];
    case "requested":
    case "held":
    case "resumed":
    case "rejoined":
    case "message-left":
    case "abandoned":
      return [];
    default:
      return event satisfies never;
  }
}
