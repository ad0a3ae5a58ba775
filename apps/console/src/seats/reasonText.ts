import type { Chosen, WhyNot } from "@gridhall/domain/routing/reason.ts";
import type { Words } from "../i18n/language.tsx";
import { at } from "./chinaTime.ts";
import type { Names } from "./policies/policyWords.ts";

/** Reasons of routing told about somebody else: the desk tells them to the agent (`seat/call/reasonWords.ts`). */

export function whyChosen({ because, measure }: Pick<Chosen, "because" | "measure">, { t }: Words): string {
  switch (because) {
    case "last-agent":
      return t("chosen.last-agent");
    case "longest-idle":
      return measure === null
        ? t("chosen.longest-idle")
        : t("chosen.longest-idle-since", { time: at(measure).slice(11) });
    case "least-occupied":
      return measure === null
        ? t("chosen.least-occupied")
        : t("chosen.least-occupied-share", { share: Math.round(measure * 100) });
    case "round-robin":
      return t("chosen.round-robin");
    default:
      return because satisfies never;
  }
}

export function whyNotText(why: WhyNot, names: Names, { t, code }: Words): string {
  switch (why.code) {
    case "skill":
      return t("why-not.skill", {
        skills: why.gaps
          .map((gap) =>
            gap.excluded
              ? t("why-not.skill-excluded", { skill: names.skill(gap.skill), level: gap.level })
              : t("why-not.skill-gap", { skill: names.skill(gap.skill), level: gap.level, has: gap.has }),
          )
          .join(t("reason.and")),
      });
    case "group":
      return t("why-not.group", { groups: why.groups.map(names.group).join(t("reason.and")) });
    case "unit":
      return t("why-not.unit");
    case "state":
    case "busy":
      return code("seat-state", why.state);
    case "outranked":
      return t("not-chosen.outranked");
    case "not-last-agent":
    case "not-the-target":
    case "call-not-ended":
    case "refused-this-call":
      return t(`why-not.${why.code}`);
    default:
      return why satisfies never;
  }
}
