import { act, both, button, chip, h, heading, named } from "./dom.js";

let scanned = "";
let symbology = "qrCode";

/** What hands do beside money and paper. */
export const handSections = {
  identity: ({ idReader }, { persons }) => [
    heading("身份证", "ID card", idReader),
    h(
      "div",
      { class: "row" },
      persons.map(({ id, name }) =>
        h(
          "button",
          {
            class: "person",
            "aria-pressed": String(idReader.lying?.name === name),
            onclick: () => act("lay-id-card", { person: id }, `放上 ${name} 的身份证 · card laid down`),
          },
          both(name, "lay down"),
        ),
      ),
    ),
    h(
      "div",
      { class: "slot" },
      idReader.lying
        ? h(
            "span",
            {},
            `${idReader.lying.name} ${idReader.lying.idNumber.slice(0, 6)}********${idReader.lying.idNumber.slice(-4)}`,
          )
        : h("span", { class: "empty" }, "读卡区没有卡 · no card"),
      button("拿走", "Remove", "remove-id-card", {}, { disabled: idReader.lying === null }),
    ),
    h("p", { class: "empty" }, `协议 dialect: ${idReader.dialect}`),
  ],
  scanner: ({ scanner }, { symbologies, codes }) => [
    heading("扫码", "Scanner", scanner),
    h(
      "span",
      { class: scanner.triggered ? "chip" : "chip idle" },
      scanner.triggered ? "亮灯等待 lit, waiting" : "未亮灯 not lit",
    ),
    h(
      "div",
      { class: "row", style: "margin-top:8px" },
      codes.map((code) =>
        h("button", { onclick: () => act("scan", code, `已出示 ${code.label} · shown`) }, code.label),
      ),
    ),
    h(
      "form",
      {
        class: "row",
        style: "margin-top:8px",
        onsubmit: (event) => {
          event.preventDefault();
          act("scan", { data: scanned, symbology }, "已出示 · shown");
        },
      },
      h("input", {
        style: "flex:1 1 180px",
        placeholder: "付款码、账单二维码… code",
        value: scanned,
        "aria-label": "码内容 code",
        oninput: (event) => (scanned = event.target.value),
      }),
      h(
        "select",
        { "aria-label": "码制 symbology", onchange: (event) => (symbology = event.target.value) },
        symbologies.map((name) => h("option", { selected: name === symbology }, name)),
      ),
      h("button", { class: "main" }, both("出示", "Show")),
    ),
  ],
  pinpad: ({ pinPad }) => {
    const key = (name, zh = name, en = "") =>
      h(
        "button",
        { class: name.length > 1 ? "wide" : "", onclick: () => act("press", { keys: [name] }, `按 ${zh} · pressed`) },
        en === "" ? zh : both(zh, en),
      );
    return [
      heading("密码键盘", "PIN pad", pinPad),
      h(
        "div",
        { class: "row", style: "margin-bottom:8px" },
        h(
          "span",
          { class: pinPad.entry.state === "running" ? "chip" : "chip idle" },
          pinPad.entry.state === "running"
            ? `等待按键 waiting (${pinPad.entry.kind}, ${pinPad.entry.digits})`
            : "空闲 idle",
        ),
        pinPad.tampered && h("span", { class: "chip bad" }, "已被拆动，密钥已销毁 tampered"),
      ),
      h(
        "div",
        { class: "keys" },
        key("1"),
        key("2"),
        key("3"),
        key("cancel", "取消", "cancel"),
        key("4"),
        key("5"),
        key("6"),
        key("clear", "更正", "clear"),
        key("7"),
        key("8"),
        key("9"),
        key("enter", "确认", "enter"),
        h("span"),
        key("0"),
      ),
      h("h3", {}, "密钥 ", h("small", { lang: "en" }, "keys")),
      pinPad.keys.length === 0
        ? h("p", { class: "empty" }, "没有密钥 · none")
        : h(
            "table",
            {},
            pinPad.keys.map(({ name, use, kcv }) =>
              h("tr", {}, h("td", {}, name), h("td", {}, use), h("td", {}, `KCV ${kcv}`)),
            ),
          ),
      h(
        "div",
        { class: "row" },
        button("拆动键盘", "Tamper", "tamper", {}, { class: "danger", disabled: pinPad.tampered }),
        button("换新键盘", "Replace", "replace-pin-pad", {}, { disabled: !pinPad.tampered }),
      ),
    ];
  },
  cabinet: ({ cabinet }) => {
    const lamps = Object.entries(cabinet.lights).filter(([, light]) => light.flashRate !== "off");
    const lamp = { red: "#e04b3f", green: "#2fae6b", yellow: "#e0a92f", white: "#d8dee2" };
    return [
      heading("机柜", "Cabinet", cabinet),
      h(
        "div",
        { class: "row" },
        button(
          cabinet.person ? "走开" : "走近",
          cabinet.person ? "Walk away" : "Approach",
          "approach",
          { near: !cabinet.person },
          { class: cabinet.person ? "" : "main" },
        ),
        button(cabinet.cabinetDoor ? "关上机柜门" : "打开机柜门", "Cabinet door", "door", {
          which: "cabinet",
          open: !cabinet.cabinetDoor,
        }),
        button(cabinet.safeDoor ? "关上保险柜门" : "打开保险柜门", "Safe door", "door", {
          which: "safe",
          open: !cabinet.safeDoor,
        }),
        button("升温 +10°", "Hotter", "temperature", { celsius: cabinet.temperatureC + 10 }),
        button("常温", "Normal", "temperature", { celsius: 26.5 }),
      ),
      h("p", {}, `${cabinet.temperatureC} °C · 标牌屏 signage ${cabinet.signage ? "亮 on" : "灭 off"}`),
      h(
        "div",
        { class: "lights" },
        lamps.length === 0
          ? h("span", { class: "empty" }, "指示灯全灭 · no guide light")
          : lamps.map(([position, { flashRate, colour }]) =>
              h(
                "span",
                { class: flashRate === "continuous" ? "lamp" : "lamp flashing", style: `--lamp:${lamp[colour]}` },
                position,
              ),
            ),
      ),
    ];
  },
  devices: (devices) => [
    h("h2", {}, both("设备与线缆", "Devices and cables")),
    h(
      "table",
      {},
      Object.entries(devices).map(([name, device]) =>
        h(
          "tr",
          {},
          h("td", {}, named(name)),
          h("td", {}, chip(device)),
          h(
            "td",
            {},
            device.plugged
              ? h(
                  "button",
                  { onclick: () => act("unplug", { device: name }, `${name} 已拔出 · unplugged`) },
                  "拔 unplug",
                )
              : h(
                  "button",
                  {
                    class: "main",
                    disabled: !device.powered,
                    onclick: () => act("plug", { device: name }, `${name} 已插上 · plugged in`),
                  },
                  "插 plug",
                ),
            " ",
            device.powered
              ? h("button", { class: "danger", onclick: () => act("power-off", { device: name }) }, "断电 off")
              : h("button", { class: "main", onclick: () => act("power-on", { device: name }) }, "通电 on"),
          ),
        ),
      ),
    ),
  ],
};
