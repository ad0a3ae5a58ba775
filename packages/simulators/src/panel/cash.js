import { act, button, h, heading, named } from "./dom.js";

const yuan = (fen) => (fen >= 100 ? `${fen / 100} 元` : `${fen / 10} 角`);
const tints = { 10000: "#b5303c", 5000: "#2f7d5b", 2000: "#8a5a2b", 1000: "#3a6ea5", 500: "#7a4a8c", 100: "#7d8040" };
const tint = (fen) => `--tint:${tints[fen] ?? "#60707a"}`;

const pieces = (fen, count, isCoin) =>
  Array.from({ length: Math.min(count, 12) }, () =>
    h("span", { class: isCoin ? "coin" : "piece", style: tint(fen) }, yuan(fen).replace(" ", "")),
  ).concat(count > 12 ? [h("span", {}, `×${count}`)] : []);
const sum = (list) => list.reduce((total, { denominationFen, count }) => total + denominationFen * count, 0);

let counterfeit = false;

export const cashSections = {
  cash: ({ cash }) => {
    const note = (fen) =>
      h(
        "button",
        {
          class: "banknote",
          style: tint(fen),
          onclick: () => act("insert-note", { denominationFen: fen, counterfeit }, `放入 ${yuan(fen)} · put in`),
        },
        yuan(fen),
      );
    const change = h(
      "div",
      { class: "money" },
      cash.tray.map(({ denominationFen, count, isCoin }) => pieces(denominationFen, count, isCoin)),
    );
    return [
      heading("现金", "Cash", cash),
      h(
        "div",
        { class: "row" },
        h(
          "span",
          { class: cash.acceptorOpen ? "chip" : "chip idle" },
          cash.acceptorOpen ? "纸币口已打开 slot open" : "纸币口关闭 slot shut",
        ),
        cash.jam && h("span", { class: "chip bad" }, `卡钞 jam: ${cash.jam}`),
      ),
      h("h3", {}, "放入纸币 ", h("small", { lang: "en" }, "put a note in")),
      h("div", { class: "notes" }, [10000, 5000, 2000, 1000, 500, 100].map(note)),
      h(
        "label",
        { class: "row", style: "margin-top:8px" },
        h("input", {
          type: "checkbox",
          checked: counterfeit,
          onchange: (event) => (counterfeit = event.target.checked),
        }),
        "假币 counterfeit",
      ),
      h(
        "div",
        { class: "slot" },
        h("span", {}, "暂存 ", h("small", {}, "escrow")),
        cash.escrow
          ? h("span", { class: "money" }, pieces(cash.escrow.denominationFen, 1, false), ` ${cash.escrow.noteId}`)
          : "—",
      ),
      h(
        "div",
        { class: "slot" },
        h("span", {}, "退出的纸币 ", h("small", {}, "returned")),
        cash.mouth ? h("span", { class: "money" }, pieces(cash.mouth.denominationFen, 1, false)) : "—",
        button("取走", "Take", "take-note", {}, { disabled: cash.mouth === null }),
      ),
      h(
        "div",
        { class: "slot" },
        h(
          "span",
          {},
          `找零口 ${cash.tray.length > 0 ? `${(sum(cash.tray) / 100).toFixed(2)} 元 ` : ""}`,
          h("small", {}, "change tray"),
        ),
        change,
        button(
          "取走找零",
          "Take change",
          "take-change",
          {},
          { class: cash.tray.length > 0 ? "main" : "", disabled: cash.tray.length === 0 },
        ),
      ),
      h("h3", {}, "钱箱 ", h("small", { lang: "en" }, "units")),
      h(
        "table",
        {},
        cash.units.map((unit) =>
          h(
            "tr",
            {},
            h("td", {}, named(unit.unitId)),
            h("td", {}, unit.denominationFen === null ? "—" : yuan(unit.denominationFen)),
            h(
              "td",
              { class: unit.role === "cashOut" && unit.count <= unit.lowThreshold ? "low" : "" },
              `${unit.count} / ${unit.capacity}`,
            ),
            h(
              "td",
              {},
              h(
                "button",
                { title: "清空 empty", onclick: () => act("refill", { unitId: unit.unitId, count: 0 }) },
                "0",
              ),
              " ",
              unit.role === "cashOut" &&
                h(
                  "button",
                  {
                    title: "装满 fill",
                    onclick: () => act("refill", { unitId: unit.unitId, count: unit.highThreshold }),
                  },
                  "满",
                ),
            ),
          ),
        ),
      ),
      h(
        "p",
        { class: "empty" },
        `累计 total: 收入 in ${(Number(cash.stackedFen) / 100).toFixed(2)} · 付出 out ${(Number(cash.dispensedFen) / 100).toFixed(2)} 元`,
      ),
      h(
        "div",
        { class: "row" },
        ["entry", "stacker", "dispenser"].map((where) =>
          button(
            `${{ entry: "入口", stacker: "钞箱口", dispenser: "找零口" }[where]}卡钞`,
            `jam: ${where}`,
            "jam",
            { device: "cash", where },
            { class: "danger" },
          ),
        ),
        button("排除卡钞", "Clear", "clear-jam", { device: "cash" }, { disabled: cash.jam === null }),
      ),
    ];
  },
};
