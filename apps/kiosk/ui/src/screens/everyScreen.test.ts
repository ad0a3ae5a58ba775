import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { fixtures } from "../../dev/fixtures.ts";
import { Customer } from "../app.tsx";

const draw = (name: string, language: "zh-CN" | "en") => {
  const view = fixtures[name];
  if (!view) throw new Error(`no fixture ${name}`);
  return renderToStaticMarkup(
    createElement(Customer, { view: { ...view, settings: { ...view.settings, language } }, act: () => {} }),
  );
};

describe("every screen", () => {
  test.each(Object.keys(fixtures))("[T1] %s is drawn in both languages, with no text left open", (name) => {
    for (const language of ["zh-CN", "en"] as const) {
      const html = draw(name, language);
      expect(html).toContain(`data-screen="${fixtures[name]?.screen.kind}"`);
      expect(html).not.toMatch(/\{\w+\}|undefined|NaN/);
    }
  });

  test.each(Object.keys(fixtures).filter((name) => name !== "signage"))(
    "[T1] %s has back, home and help, and the four settings",
    (name) => {
      const html = draw(name, "zh-CN");
      for (const action of ["back", "home", "help", "settings:language", "settings:large", "settings:contrast"])
        expect(html).toContain(`data-action="${action}"`);
    },
  );

  test("[T6] no page has a link, a native field or an inline handler", () => {
    for (const name of Object.keys(fixtures))
      expect(draw(name, "zh-CN")).not.toMatch(/<a |<input|<form|<iframe| on\w+=/);
  });

  test("[P1] the cash page says what the machine does, what is inside and what is missing", () => {
    const html = draw("cash", "zh-CN");
    expect(html).toContain('data-doing="insert"');
    expect(html).toContain('data-amount="received" data-fen="12000"');
    expect(html).toContain('data-amount="remaining" data-fen="3238"');
    expect(html).toContain("100 元 × 1");
    expect(html).toContain("10 元 × 2");
  });

  test("[P1] while the machine moves money, it cannot be cancelled or finished", () => {
    const disabled = (name: string, action: string) =>
      new RegExp(`data-action="${action}"[^>]*disabled`).test(draw(name, "zh-CN"));
    expect(disabled("cash", "cash-cancel")).toBe(false);
    expect(disabled("cash-checking", "cash-cancel")).toBe(true);
    expect(disabled("cash-checking", "cash-finish")).toBe(true);
  });

  test("[S4] words in a page of the other language are said to be so", () => {
    expect(draw("home", "en")).toMatch(/lang="zh-CN"[^>]*aria-label="切换为中文"/);
  });
});
