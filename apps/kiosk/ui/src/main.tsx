import "./withoutEval.ts";
import "@gridhall/ui/tokens.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/parts.css";
import "./styles/lists.css";
import "./styles/keys.css";
import "./styles/chart.css";
import "./styles/screens.css";
import "./styles/signage.css";
import "./styles/find.css";
import "./styles/bills.css";
import "./styles/amount.css";
import "./styles/tender.css";
import "./styles/result.css";
import "./call/call.css";
import "./call/callParts.css";
import "./call/besideCall.css";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { createCallMedia } from "./call/media/callMedia.ts";
import { connect } from "./connection.ts";
import { lockDown, reportTouches } from "./lockdown.ts";

const root = document.querySelector("#root");
if (!root) throw new Error("the page has no #root");

const connection = connect({
  url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ui`,
  token: document.querySelector('meta[name="gridhall-token"]')?.getAttribute("content") ?? "",
  onStaleToken: () => location.reload(),
});
const media = createCallMedia(connection.tell);
connection.subscribe(() => media.follow(connection.link()));
connection.onMedia(media.receive);
lockDown(window);
reportTouches(window, 1_000, () => connection.act({ type: "touch" }));
createRoot(root, {
  // A bug must not leave a dead terminal: the host knows everything that matters, so a fresh page goes on from there.
  onUncaughtError(error) {
    console.error(error);
    setTimeout(() => location.reload(), 2_000);
  },
}).render(<App connection={connection} media={media} />);
