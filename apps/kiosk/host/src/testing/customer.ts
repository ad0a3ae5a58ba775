import { type CustomerAction, HostToUi, type KioskView } from "@gridhall/domain/kiosk/view.ts";

/** A customer at the host's real WebSocket, who can also touch what was shown a while ago. */
export interface TestCustomer extends Disposable {
  view(): KioskView;
  /** `revision`: of the view that was touched; the latest one where it is left out. */
  act(action: CustomerAction, revision?: number): void;
  until(what: string, fits: (view: KioskView) => boolean): Promise<KioskView>;
  /** Resolves with what is shown when the host has dealt with everything that was sent before. */
  settled(): Promise<KioskView>;
}

const PATIENCE_MS = 10_000;

export async function connectTestCustomer(url: string): Promise<TestCustomer> {
  const page = await (await fetch(url)).text();
  const token = /name="gridhall-token" content="([^"]+)"/.exec(page)?.[1] ?? "";
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}ui`);
  const watchers = new Set<() => void>();
  let view: KioskView | null = null;
  let refusals = 0;
  socket.addEventListener("message", (event) => {
    const message = HostToUi.parse(JSON.parse(String(event.data)));
    if (message.type === "view") ({ view } = message);
    else refusals += 1;
    for (const watcher of watchers) watcher();
  });
  const until = (what: string, holds: (shown: KioskView) => boolean) =>
    new Promise<KioskView>((done, fail) => {
      const stop = () => {
        clearTimeout(timer);
        watchers.delete(look);
      };
      const look = () => {
        if (!view || !holds(view)) return;
        stop();
        done(view);
      };
      const timer = setTimeout(() => {
        stop();
        fail(new Error(`never seen: ${what}; last ${JSON.stringify(view?.screen)}`));
      }, PATIENCE_MS);
      watchers.add(look);
      look();
    });
  const send = (message: unknown) => socket.send(JSON.stringify(message));
  await new Promise((done) => {
    socket.addEventListener("open", done, { once: true });
  });
  send({ type: "hello", token });
  await until("the first view", () => true);
  return {
    view: () => {
      if (!view) throw new Error("nothing was shown yet");
      return view;
    },
    act: (action, revision) => send({ type: "action", revision: revision ?? view?.revision ?? 0, action }),
    until,
    settled() {
      // The line keeps its order: the refusal of what is no message comes after everything before it.
      const seen = refusals;
      send({ type: "no message of this protocol" });
      return until("the refusal", () => refusals > seen);
    },
    [Symbol.dispose]: () => socket.close(),
  };
}
