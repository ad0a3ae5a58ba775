import type { BillView } from "@gridhall/domain/backoffice/api.ts";
import { number } from "@gridhall/ui/format.ts";
import { useWords } from "../context.ts";
import { isTextKey } from "../i18n/dictionary.ts";
import { Amount } from "../parts/amounts.tsx";

export function BillLines({ bill }: { bill: BillView }) {
  const { t, language } = useWords();
  return (
    <div className="card table-card">
      <table className="table table-lines">
        <thead>
          <tr>
            <th scope="col">{t("bill.line-item")}</th>
            <th scope="col" className="cell-number">
              {t("bill.line-quantity")}
            </th>
            <th scope="col" className="cell-number">
              {t("bill.line-price")}
            </th>
            <th scope="col" className="cell-number">
              {t("bill.line-amount")}
            </th>
          </tr>
        </thead>
        <tbody>
          {bill.lines.map((line, index) => (
            <tr key={`${line.code}-${index}`}>
              <th scope="row">{language === "zh-CN" ? line.zh : line.en}</th>
              <td className="cell-number">
                {line.quantity === "" ? "—" : `${line.quantity} ${unit(line.unit, language)}`}
              </td>
              <td className="cell-number">{line.priceYuan === "" ? "—" : line.priceYuan}</td>
              <td className="cell-number">
                <Amount name={`line:${line.code}`} fen={line.amountFen} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={3}>
              {t("bill.total")}
            </th>
            <td className="cell-number">
              <Amount name="lines-total" fen={bill.totalFen} />
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

const CHINESE_UNITS: Readonly<Record<string, string>> = {
  kWh: "千瓦时",
  kvarh: "千乏时",
  kW: "千瓦",
  kVA: "千伏安",
  yuan: "元",
  CNY: "元",
  month: "月",
};

function unit(name: string, language: "zh-CN" | "en"): string {
  return language === "zh-CN" ? (CHINESE_UNITS[name] ?? name) : name;
}

export function BillMeters({ bill }: { bill: BillView }) {
  const { t } = useWords();
  const numbers = [...new Set(bill.meters.map((meter) => meter.meterNo))];
  return (
    <div className="meters">
      {numbers.map((meterNo) => (
        <div className="card table-card" key={meterNo}>
          <table className="table">
            <caption>{t("bill.meter-no", { meterNo })}</caption>
            <thead>
              <tr>
                <th scope="col">{t("bill.meter-register")}</th>
                {(["from", "to", "multiplier", "kwh"] as const).map((column) => (
                  <th scope="col" className="cell-number" key={column}>
                    {t(`bill.meter-${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {bill.meters
                .filter((meter) => meter.meterNo === meterNo)
                .map((meter) => {
                  const key = `bill.register-${meter.register}`;
                  return (
                    <tr key={`${meter.register}-${meter.from}`}>
                      <th scope="row">{isTextKey(key) ? t(key) : meter.register}</th>
                      <td className="cell-number">{meter.from}</td>
                      <td className="cell-number">{meter.to}</td>
                      <td className="cell-number">{number(meter.multiplier)}</td>
                      <td className="cell-number">{number(meter.kwh)}</td>
                    </tr>
                  );
                })}
            </tbody>
          </table>
        </div>
      ))}
    </div>
  );
}
