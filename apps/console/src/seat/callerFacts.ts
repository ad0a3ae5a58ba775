import type { CallerCard } from "@gridhall/domain/seats/desk.ts";
import type { Words } from "../i18n/language.tsx";
import { serviceTitle } from "../journeys/words.ts";

/** Who calls and about what, as far as it is known before anybody speaks. */
export function callerFacts(caller: CallerCard, words: Words): { label: string; value: string }[] {
  const { t, code } = words;
  return [
    {
      label: t("caller.service"),
      value: caller.service === null ? t("caller.no-service") : serviceTitle(caller.service, words),
    },
    ...(caller.accountNo === null ? [] : [{ label: t("caller.account"), value: caller.accountNo }]),
    { label: t("caller.class"), value: code("customer-class", caller.customerClass) },
    { label: t("caller.language"), value: code("language", caller.language) },
  ];
}
