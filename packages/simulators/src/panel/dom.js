/** What all sections of the panel are made of: elements, buttons that act on the kiosk, and the line that says how it went. */

/** Builds an element; text goes in as text, never as markup: receipts and cards hold what customers typed. */
export const h = (tag, props = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== false));
  return element;
};
/** What people call the devices and their parts. */
const names = {
  idReader: "身份证阅读器",
  receipt: "凭条打印机",
  a4: "A4 打印机",
  cash: "现金模块",
  scanner: "扫码器",
  pinPad: "密码键盘",
  cabinet: "机柜控制器",
  camera: "摄像头",
  cashbox: "钞箱",
  cassette1: "找零钞箱 1",
  cassette2: "找零钞箱 2",
  hopper1: "硬币斗 1",
  hopper2: "硬币斗 2",
  reject: "拒收箱",
  entry: "入口",
  escrow: "暂存口",
  stacker: "钞箱口",
  dispenser: "找零口",
};
export const named = (name) =>
  names[name] === undefined ? name : [names[name], " ", h("small", { lang: "en" }, name)];

export const both = (zh, en) => [zh, h("small", { lang: "en" }, en)];

const notice = document.querySelector("#notice");
const say = (text, bad = false) => {
  notice.textContent = text;
  notice.classList.toggle("bad", bad);
};
const reasons = {
  closed: "纸币口已关闭 · the slot is shut",
  counterfeit: "拒收：假币 · refused: counterfeit",
  unrecognised: "拒收：无法识别 · refused: unrecognised",
  "disabled-denomination": "拒收：不收此面额 · refused: not this denomination",
  "escrow-busy": "拒收：暂存口已有纸币 · refused: escrow busy",
  full: "拒收：钞箱已满 · refused: full",
  jam: "卡钞 · jam",
};

const perform = async (path, body, done) => {
  try {
    const response = await fetch(`/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) say(answer.error ?? answer.message ?? response.statusText, true);
    else if (answer.accepted === false) say(reasons[answer.reason] ?? answer.reason, true);
    else if (answer.read === false) say("扫描器未亮灯 · the scanner is not lit", true);
    else if (answer.taken === 0) say("没有可取的，或键盘未在等待 · nothing to take, or no key awaited", true);
    else say(done);
  } catch {
    say("模拟器没有应答 · the simulators do not answer", true);
  }
  document.dispatchEvent(new Event("acted"));
};

/** Does one thing to the kiosk and says how it went. */
export const act = (path, body = {}, done = "好 · done") => {
  void perform(path, body, done);
};
export const button = (zh, en, path, body, props = {}) =>
  h("button", { onclick: () => act(path, body, `${zh} · ${en}`), ...props }, both(zh, en));
export const chip = (device) =>
  !device.powered
    ? h("span", { class: "chip bad" }, "断电 no power")
    : device.plugged
      ? h("span", { class: "chip" }, "在线 online")
      : h("span", { class: "chip bad" }, "已拔出 unplugged");
export const heading = (zh, en, device) => h("h2", {}, zh, h("small", { lang: "en" }, en), chip(device));
