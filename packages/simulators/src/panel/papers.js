import { button, h, heading } from "./dom.js";

const states = {
  printing: "正在打印 printing",
  presenter: "在出纸口 waiting to be taken",
  taken: "已取走 taken",
  "pushed-out": "掉落 fell out",
};
const slip = ({ no, lines, where }) => {
  const paper = h(
    "div",
    { class: where === "taken" ? "slip taken" : "slip" },
    lines.map((line) => {
      if (line.type === "qr") return h("div", { class: "qr" }, `二维码 QR: ${line.data}`);
      if (line.type === "feed") return h("div", {}, "\n".repeat(Math.max(0, line.lines - 1)));
      return h(
        "div",
        { class: [line.align, line.bold && "bold", line.large && "large"].filter(Boolean).join(" ") },
        line.text,
      );
    }),
  );
  const waiting = where === "presenter" || where === "pushed-out";
  return h(
    "div",
    {},
    h(
      "div",
      { class: "row", style: "margin-top:10px" },
      h("span", { class: waiting ? "chip" : "chip idle" }, `#${no} ${states[where]}`),
      waiting && button("取走", "Take", "take-paper", { from: "receipt" }, { class: "main" }),
    ),
    paper,
  );
};

export const paperSections = {
  receipt: ({ receipt }) => [
    heading("凭条打印机", "Receipt printer", receipt),
    h(
      "div",
      { class: "row" },
      ["full", "low", "out"].map((level) =>
        button(
          { full: "装满纸", low: "纸将尽", out: "无纸" }[level],
          level,
          "paper",
          { receipt: level },
          { class: receipt.roll === level ? "main" : "" },
        ),
      ),
      receipt.jammed
        ? button("排除卡纸", "Clear jam", "clear-jam", { device: "receipt" }, { class: "danger" })
        : button("卡纸", "Jam", "jam", { device: "receipt" }),
      button(receipt.coverOpen ? "合上机盖" : "打开机盖", "Cover", "cover", {
        device: "receipt",
        open: !receipt.coverOpen,
      }),
    ),
    h(
      "div",
      { class: "slips" },
      receipt.slips.length === 0
        ? h("p", { class: "empty" }, "还没有凭条 · nothing printed yet")
        : receipt.slips.toReversed().slice(0, 5).map(slip),
    ),
  ],
  pages: ({ a4 }) => {
    const lying = a4.jobs.filter(({ where }) => where === "tray");
    return [
      heading("A4 打印机", "Page printer", a4),
      h(
        "div",
        { class: "row" },
        ["full", "low", "out"].map((level) =>
          button(
            { full: "装满纸", low: "纸将尽", out: "无纸" }[level],
            level,
            "paper",
            { a4: level },
            { class: a4.paper === level ? "main" : "" },
          ),
        ),
        a4.jammed
          ? button("排除卡纸", "Clear jam", "clear-jam", { device: "a4" }, { class: "danger" })
          : button("卡纸", "Jam", "jam", { device: "a4" }),
        button(a4.coverOpen ? "合上机盖" : "打开机盖", "Cover", "cover", { device: "a4", open: !a4.coverOpen }),
      ),
      h(
        "div",
        { class: "slot" },
        `出纸盘 ${lying.length} 份 · ${lying.length} in the tray`,
        button(
          "取走",
          "Take",
          "take-paper",
          { from: "a4" },
          { class: lying.length > 0 ? "main" : "", disabled: lying.length === 0 },
        ),
      ),
      h(
        "table",
        {},
        a4.jobs
          .toReversed()
          .slice(0, 6)
          .map((job) =>
            h(
              "tr",
              {},
              h(
                "td",
                {},
                job.state === "completed"
                  ? h("a", { href: `/printed/${job.id}`, target: "_blank" }, job.title)
                  : job.title,
              ),
              h("td", {}, `${job.state} · ${job.where}`),
            ),
          ),
      ),
    ];
  },
};
