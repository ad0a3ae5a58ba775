import type { CustomerAction, KioskView } from "@gridhall/domain/kiosk/view.ts";
import { HostToUi } from "@gridhall/domain/kiosk/view.ts";
import { WebSocket } from "ws";

/** A customer who talks to the host as its UI does: over the WebSocket, with the page's token. */
export interface Customer extends AsyncDisposable {
  view(): KioskView | null;
  act(action: CustomerAction): void;
  /** Resolves with the first view that fits; rejects when the host dies or time runs out. */
  until(what: string, fits: (view: KioskView) => boolean, timeoutMs?: number): Promise<KioskView>;
}

export class HostGone extends Error {
  constructor() {
    super("the host is gone");
    this.name = "HostGone";
  }
}

export async function connectCustomer(url: string): Promise<Customer> {
  const page = await (await fetch(url)).text();
  const token = /name="gridhall-token" content="([^"]+)"/.exec(page)?.[1];
  if (!token) throw new Error("the page carries no token");
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}ui`);
  let view: KioskView | null = null;
  let gone = false;
  const watchers = new Set<() => void>();
  const wake = () => {
    for (const watcher of watchers) watcher();
  };
  socket.on("message", (data: Buffer) => {
    const message = HostToUi.parse(JSON.parse(data.toString()));
    if (message.type === "view") view = message.view;
    wake();
  });
  const closed = () => {
    gone = true;
    wake();
  };
  socket.on("close", closed);
  socket.on("error", closed);
  await new Promise<void>((done, fail) => {
    socket.once("open", () => done());
    socket.once("error", fail);
  });
  socket.send(JSON.stringify({ type: "hello", token }));
  return {
    view: () => view,
    act(action) {
      if (gone) throw new HostGone();
      socket.send(JSON.stringify({ type: "action", revision: view?.revision ?? 0, action }));
    },
    until: (what, fits, timeoutMs = 20_000) =>
      new Promise((done, fail) => {
        const settle = (act: () => void) => {
          clearTimeout(timer);
          watchers.delete(look);
          act();
        };
        const look = () => {
          const current = view;
          if (current && fits(current)) settle(() => done(current));
          else if (gone) settle(() => fail(new HostGone()));
        };
        const timer = setTimeout(
          () =>
            settle(() =>
              fail(
                new Error(
                  `never seen: ${what}; last view ${JSON.stringify(view?.screen)} ${JSON.stringify(view?.busy)}`,
                ),
              ),
            ),
          timeoutMs,
        );
        watchers.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      socket.close();
    },
  };
}
