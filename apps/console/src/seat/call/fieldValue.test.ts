import { expect, test } from "vitest";
import { checkValue, typedValue } from "./fieldValue.ts";

const field = (kind: Parameters<typeof checkValue>[0]["kind"], options: string[] = []) => ({
  kind,
  options: options.map((value) => ({ value, label: { zh: value, en: value } })),
});

test("[R2] an account number has thirteen digits, however it was read out", () => {
  expect(checkValue(field("account-no"), " 1201 0023-45678 ")).toEqual({ ok: true, value: "1201002345678" });
  expect(checkValue(field("account-no"), "120100234567")).toEqual({ ok: false, problem: "account-no" });
  expect(checkValue(field("account-no"), "12010023456789")).toEqual({ ok: false, problem: "account-no" });
});

test("[R2] amounts are typed in yuan and travel in fen", () => {
  expect(checkValue(field("amount-fen"), "88.5")).toEqual({ ok: true, value: "8850" });
  expect(checkValue(field("amount-fen"), "¥1,234.56 元")).toEqual({ ok: true, value: "123456" });
  for (const wrong of ["88.555", "-5", "1e3", "abc", "99999999999"])
    expect(checkValue(field("amount-fen"), wrong), wrong).toEqual({ ok: false, problem: "amount" });
  expect(typedValue({ kind: "amount-fen", value: "10000" })).toBe("100.00");
  expect(typedValue({ kind: "text", value: null })).toBe("");
});

test("[R2] phones, choices and empty fields are checked before they reach the customer", () => {
  expect(checkValue(field("phone"), "138 0000 1234")).toEqual({ ok: true, value: "13800001234" });
  expect(checkValue(field("phone"), "23800001234")).toEqual({ ok: false, problem: "phone" });
  expect(checkValue(field("choice", ["phone"]), "phone")).toEqual({ ok: true, value: "phone" });
  expect(checkValue(field("choice", ["phone"]), "fax")).toEqual({ ok: false, problem: "choice" });
  expect(checkValue(field("text"), "   ")).toEqual({ ok: false, problem: "empty" });
  expect(checkValue(field("text"), "x".repeat(201))).toEqual({ ok: false, problem: "too-long" });
});
