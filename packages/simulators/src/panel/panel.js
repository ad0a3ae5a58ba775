/**
 * The developer's panel: hands and eyes at one simulated kiosk. Polls GET /state, draws what changed, and does nothing that
 * the control API does not offer. Plain JavaScript, served as it is.
 */

import { cashSections } from "./cash.js";
import { act } from "./dom.js";
import { handSections } from "./hands.js";
import { paperSections } from "./papers.js";

/** Which device each section shows; a kiosk without it has no such section. */
const shows = {
  cash: "cash",
  identity: "idReader",
  scanner: "scanner",
  receipt: "receipt",
  pages: "a4",
  pinpad: "pinPad",
  cabinet: "cabinet",
  devices: null,
};
const drawn = new Map();
const connection = document.querySelector("#connection");

const draw = { ...cashSections, ...handSections, ...paperSections };

async function refresh() {
  let state;
  try {
    state = await (await fetch("/state")).json();
  } catch {
    connection.textContent = "模拟器没有应答 no answer";
    connection.className = "chip bad";
    return;
  }
  connection.textContent = "实时 live";
  connection.className = "chip";
  document.title = `${state.title} · 设备面板`;
  document.querySelector("#title").textContent = state.title;
  for (const [section, device] of Object.entries(shows)) {
    const element = document.querySelector(`#${section}`);
    element.hidden = device !== null && state.devices[device] === undefined;
    if (element.hidden) continue;
    const seen = JSON.stringify(
      device === null
        ? Object.values(state.devices).map(({ plugged, powered }) => [plugged, powered])
        : state.devices[device],
    );
    // A section is drawn again only when its device changed, so that nobody loses the focus while typing.
    if (drawn.get(section) === seen) continue;
    drawn.set(section, seen);
    element.replaceChildren(...draw[section](state.devices, state.choices).filter(Boolean));
  }
}

document.querySelector("#power-cut").addEventListener("click", () => act("power-cut", {}, "已断电 · power cut"));
document.querySelector("#power-on").addEventListener("click", () => act("power-on", {}, "已通电 · power on"));
document.addEventListener("acted", () => void refresh());
await refresh();
setInterval(() => {
  if (!document.hidden) void refresh();
}, 400);
