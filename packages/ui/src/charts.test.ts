import { describe, expect, test } from "vitest";
import { niceScale } from "./columnChart.tsx";
import { qrPath } from "./qrCode.tsx";

describe("charts and codes", () => {
  test("the scale ends on a round number that holds the highest column", () => {
    for (const highest of [0.4, 7, 231, 250, 999, 12_345]) {
      const { max, ticks } = niceScale(highest);
      expect(max).toBeGreaterThanOrEqual(highest);
      expect(max).toBeLessThan(highest * 2 + 1);
      expect(ticks.at(-1)).toBeCloseTo(max);
      expect(ticks.length).toBeLessThanOrEqual(5);
    }
    expect(niceScale(0).max).toBeGreaterThan(0);
  });

  test("a QR code has the size of its version and its finder patterns", () => {
    const { size, path } = qrPath("weixin://wxpay/bizpayurl?pr=abcdefghi");
    expect((size - 17) % 4).toBe(0);
    // The finder's top edge: seven dark modules from the corner.
    expect(path.startsWith("M0 0h7v1h-7z")).toBe(true);
    expect(path).toContain(`M${size - 7} 0h7v1h-7z`);
  });
});
