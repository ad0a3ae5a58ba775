import { AccountNo } from "@gridhall/domain/backoffice/api.ts";
import { formatYuan, parseYuan } from "@gridhall/domain/money/fen.ts";
import type { HelpField } from "@gridhall/domain/seats/assist.ts";

export type ValueProblem = "empty" | "account-no" | "phone" | "amount" | "choice" | "too-long";
export type CheckedValue =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly problem: ValueProblem };

const LONGEST = 200;
/** The kiosk takes mobile numbers only. */
const PHONE = /^1[3-9]\d{9}$/;

/** What the agent typed for a field → the value that travels: amounts are typed in yuan and sent in fen. */
export function checkValue(field: Pick<HelpField, "kind" | "options">, typed: string): CheckedValue {
  const text = typed.trim();
  if (text === "") return { ok: false, problem: "empty" };
  switch (field.kind) {
    case "account-no": {
      // Read out and typed in groups: 1201 0023 45678.
      const digits = text.replaceAll(/[\s-]/g, "");
      return AccountNo.safeParse(digits).success ? { ok: true, value: digits } : { ok: false, problem: "account-no" };
    }
    case "phone": {
      const digits = text.replaceAll(/[\s-]/g, "");
      return PHONE.test(digits) ? { ok: true, value: digits } : { ok: false, problem: "phone" };
    }
    case "amount-fen": {
      const fen = parseYuan(text.replaceAll(/[,，¥元]/g, ""));
      return fen === null || fen > 999_999_999 ? { ok: false, problem: "amount" } : { ok: true, value: String(fen) };
    }
    case "choice":
      return field.options.some((option) => option.value === text)
        ? { ok: true, value: text }
        : { ok: false, problem: "choice" };
    case "text":
      return text.length > LONGEST ? { ok: false, problem: "too-long" } : { ok: true, value: text };
    default:
      return field.kind satisfies never;
  }
}

/** What stands in a field now, as the agent would type it. */
export function typedValue(field: Pick<HelpField, "kind" | "value">): string {
  if (field.value === null) return "";
  return field.kind === "amount-fen" && /^\d+$/.test(field.value) ? formatYuan(Number(field.value)) : field.value;
}
