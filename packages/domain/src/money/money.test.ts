import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chineseCapitals } from "./capitals.ts";
import { formatYuan, parseYuan } from "./fen.ts";

describe("amounts", () => {
  test.each([
    [0, "零元整"],
    [8640, "捌拾陆元肆角整"],
    [100005, "壹仟元零伍分"],
    [10_000_00, "壹万元整"],
    [10_010_00, "壹万零壹拾元整"],
    [100_000_000_00, "壹亿元整"],
    [100_500_000_00, "壹亿零伍拾万元整"],
    [1_680_32, "壹仟陆佰捌拾元叁角贰分"],
    [107_000_53, "壹拾万柒仟元伍角叁分"],
    [5, "伍分"],
    [30, "叁角整"],
    [-120, "负壹元贰角整"],
  ])("[L3] %d fen in capitals is %s", (fen, text) => {
    expect(chineseCapitals(fen)).toBe(text);
  });

  test("[P3] text and fen convert back and forth without loss", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_000_000_000_000 }), (fen) => {
        expect(parseYuan(formatYuan(fen))).toBe(fen);
      }),
    );
  });

  test("grouping is for people only", () => {
    expect(formatYuan(123456789, { grouped: true })).toBe("1,234,567.89");
    expect(formatYuan(-5)).toBe("-0.05");
    expect(parseYuan("1.234")).toBeNull();
  });
});
