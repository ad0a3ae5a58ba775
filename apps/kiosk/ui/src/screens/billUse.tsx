import type { BillView } from "@gridhall/domain/backoffice/api.ts";
import { number } from "@gridhall/ui/format.ts";
import { useWords } from "../context.ts";
import { PeriodLegend } from "../parts/usageChart.tsx";
import { type TierReach, tierReach } from "./tierReach.ts";

/** Each tier as a bar: how full it was before, what this bill added, what is left. */
export function Tiers({ bill }: { bill: BillView }) {
  const { t } = useWords();
  return (
    <section className="card">
      <h2 className="section-title">{t("bill.tiers")}</h2>
      <ul className="tiers">
        {tierReach(bill).map((tier) => (
          <li key={tier.tier}>
            <span className="tier-name">
              <b>{t("bill.tier", { tier: tier.tier })}</b>
              <span className="tabular">{t("bill.tier-price", { price: tier.priceYuan })}</span>
            </span>
            <TierBar tier={tier} />
            <span className="tier-name">
              <span>{t("bill.tier-used", { used: number(tier.usedKwh) })}</span>
              <span>
                <TierState tier={tier} />
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function TierState({ tier }: { tier: TierReach }) {
  const { t } = useWords();
  switch (tier.state) {
    case "full":
      return t("bill.tier-full");
    case "within":
      return t("bill.tier-left", { left: number(tier.leftKwh ?? 0) });
    case "not-reached":
      return t("bill.tier-not-reached");
    case "open":
      return t("bill.tier-open");
    default:
      return tier.state satisfies never;
  }
}

function TierBar({ tier }: { tier: TierReach }) {
  return (
    <svg className="tier-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect width={100} height={6} className="tier-room" />
      <rect width={(tier.share - tier.shareOfBill) * 100} height={6} className="tier-before" />
      <rect x={(tier.share - tier.shareOfBill) * 100} width={tier.shareOfBill * 100} height={6} className="tier-now" />
    </svg>
  );
}

export function TimeOfUse({ bill }: { bill: BillView }) {
  const { t } = useWords();
  const parts = [
    { period: "peak", kwh: bill.peakKwh ?? 0 },
    { period: "flat", kwh: bill.flatKwh ?? 0 },
    { period: "valley", kwh: bill.valleyKwh ?? 0 },
  ] as const;
  const total = parts.reduce((sum, part) => sum + part.kwh, 0) || 1;
  let at = 0;
  return (
    <section className="card">
      <h2 className="section-title">
        {t("bill.tou")}
        <PeriodLegend />
      </h2>
      <svg className="tier-bar tou-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        {parts.map((part) => {
          const x = at;
          at += (part.kwh / total) * 100;
          return <rect key={part.period} x={x} width={at - x} height={6} className={`tone-${part.period}`} />;
        })}
      </svg>
      <ul className="tou-values">
        {parts.map((part) => (
          <li key={part.period}>
            {t(`bill.${part.period}`)} <b className="tabular">{t("bill.kwh", { value: number(part.kwh) })}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}
