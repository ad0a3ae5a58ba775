import { OfferReason, type WhyNotGroup } from "@gridhall/domain/routing/reason.ts";
import type { SeatDirectory } from "@gridhall/domain/seats/api.ts";
import type { Words } from "../../i18n/language.tsx";
import { clock, span } from "../../parts/format.ts";

export interface ReasonInWords {
  /** Why this agent. */
  readonly why: string;
  readonly facts: readonly string[];
  /** Why not the others, one line a cause. */
  readonly others: readonly string[];
}

/** The router's typed reason for an offer, in words; null where it is none (a transfer, an older centre). */
export function reasonInWords(reason: unknown, directory: SeatDirectory | null, words: Words): ReasonInWords | null {
  const parsed = OfferReason.safeParse(reason);
  if (!parsed.success) return null;
  const { chosen, policyId, version, step, waitedMs, agedPriority, requeued, others } = parsed.data;
  const { t } = words;
  return {
    why: whyChosen(chosen, words),
    facts: [
      t("reason.policy", { policy: policyId, version, step: step + 1 }),
      t("reason.waited", { time: span(waitedMs / 1000, words) }),
      t("reason.priority", { priority: Math.round(agedPriority * 10) / 10 }),
      ...(requeued ? [t("reason.requeued")] : []),
    ],
    others: others.map((group) => whyNot(group, directory, words)),
  };
}

function whyChosen({ because, measure }: OfferReason["chosen"], words: Words): string {
  const { t } = words;
  switch (because) {
    case "last-agent":
      return t("reason.last-agent");
    case "longest-idle":
      return measure === null
        ? t("reason.longest-idle")
        : t("reason.longest-idle-since", { time: clock(new Date(measure).toISOString()).slice(11) });
    case "least-occupied":
      return measure === null
        ? t("reason.least-occupied")
        : t("reason.least-occupied-share", { share: Math.round(measure * 100) });
    case "round-robin":
      return t("reason.round-robin");
    default:
      return because satisfies never;
  }
}

function whyNot({ whyNot: why, seatIds }: WhyNotGroup, directory: SeatDirectory | null, words: Words): string {
  const { t, code, pick } = words;
  const who = seatIds.map((seatId) => {
    const agent = directory?.agents.find((one) => one.seatId === seatId);
    return agent ? pick(agent.nameZh, agent.nameEn) : null;
  });
  const known = who.filter((name) => name !== null);
  const unknown = who.length - known.length;
  const names = [...known, ...(unknown > 0 ? [t("reason.colleagues", { n: unknown })] : [])].join(t("reason.and"));
  const cause = (): string => {
    switch (why.code) {
      case "skill":
        return t("why-not.skill", {
          skills: why.gaps
            .map((gap) => {
              const title = directory?.skills.find((one) => one.skill === gap.skill)?.title;
              const skill = title ? pick(title.zh, title.en) : gap.skill;
              return gap.excluded
                ? t("why-not.skill-excluded", { skill, level: gap.level })
                : t("why-not.skill-gap", { skill, level: gap.level, has: gap.has });
            })
            .join(t("reason.and")),
        });
      case "group":
        return t("why-not.group", {
          groups: why.groups
            .map((groupId) => {
              const title = directory?.groups.find((one) => one.groupId === groupId)?.title;
              return title ? pick(title.zh, title.en) : groupId;
            })
            .join(t("reason.and")),
        });
      case "unit":
        return t("why-not.unit");
      case "state":
      case "busy":
        return code("seat-state", why.state);
      case "not-last-agent":
      case "not-the-target":
      case "call-not-ended":
      case "refused-this-call":
      case "outranked":
        return t(`why-not.${why.code}`);
      default:
        return why satisfies never;
    }
  };
  return t("reason.other", { names, cause: cause() });
}
