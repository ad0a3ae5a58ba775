import { MESSAGE_KEYS } from "@gridhall/domain/kiosk/view.ts";
import { describe, expect, test } from "vitest";
import { isTextKey, sayMessage, translate } from "./dictionary.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

const byText = (a = "", b = "") => a.localeCompare(b);
const paramsOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort(byText);

describe("the customer's dictionaries", () => {
  test("[S4] have the same keys in both languages, and a text for each", () => {
    expect(Object.keys(en).sort(byText)).toEqual(Object.keys(zh).sort(byText));
    for (const dictionary of [zh, en])
      expect(Object.entries(dictionary).filter(([key, text]) => text.trim() === "" && key !== "voice.signage")).toEqual(
        [],
      );
  });

  test("[S4] fill in the same parameters in both languages", () => {
    const different = Object.keys(zh).filter(
      (key) => isTextKey(key) && paramsOf(zh[key]).join() !== paramsOf(en[key]).join(),
    );
    expect(different).toEqual([]);
  });

  test("[S4] leave no Chinese in English, but for the name of the Chinese language", () => {
    const chinese = Object.entries(en).filter(
      ([key, text]) => /\p{Script=Han}/u.test(text) && !key.startsWith("frame.language"),
    );
    expect(chinese).toEqual([]);
  });

  test("[T1] know every message that the host may send", () => {
    expect(MESSAGE_KEYS.filter((key) => !isTextKey(key))).toEqual([]);
  });

  test("say something sensible for a message of a newer host", () => {
    expect(sayMessage("zh-CN", { key: "problem.of-tomorrow", params: {} })).toBe(zh["problem.unknown"]);
    expect(sayMessage("en", { key: "problem.prepay-limit", params: { limitYuan: 1000 } })).toContain("1000");
    expect(translate("en", "frame.step", { index: 2, of: 6 })).toBe("Step 2 of 6");
  });
});
