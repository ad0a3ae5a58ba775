import type { AddressInfo } from "node:net";
import type { KioskView } from "@gridhall/domain/kiosk/view.ts";
import { afterEach, describe, expect, test } from "vitest";
import { type WebSocket as Peer, WebSocketServer } from "ws";
import { fixtures } from "./fixtures.ts";
import { connect, type Connection } from "../src/connection.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A host of which each test says what it does with a new line. */
async function hostThat(onLine: (peer: Peer, said: unknown[]) => void) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  const said: unknown[] = [];
  server.on("connection", (peer) => {
    peer.on("message", (data: Buffer) => said.push(JSON.parse(data.toString())));
    onLine(peer, said);
  });
  await new Promise((done) => {
    server.once("listening", done);
  });
  closers.push(() => {
    for (const peer of server.clients) peer.terminate();
    server.close();
  });
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, said };
}

const viewOf = (revision: number): KioskView => ({ ...(fixtures["home"] as KioskView), revision });
const push = (peer: Peer, revision: number) => peer.send(JSON.stringify({ type: "view", view: viewOf(revision) }));

function open(url: string, onStaleToken = () => {}): Connection {
  const connection = connect({ url, token: "t", onStaleToken });
  closers.push(connection.close);
  return connection;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 10));
}

describe("the line to the host", () => {
  test("[T1] says hello first and stamps each action with the view that was seen", async () => {
    const host = await hostThat((peer) => peer.once("message", () => push(peer, 41)));
    const connection = open(host.url);
    connection.act({ type: "start" });
    await until(() => connection.link().state === "up");
    connection.act({ type: "start" });
    await until(() => host.said.length === 2);
    expect(host.said).toEqual([
      { type: "hello", token: "t" },
      { type: "action", revision: 41, action: { type: "start" } },
    ]);
  });

  test("[T7] is down while the host is away, and comes back by itself", async () => {
    let lines = 0;
    const host = await hostThat((peer) => {
      lines += 1;
      const line = lines;
      peer.once("message", () => push(peer, line));
    });
    const connection = open(host.url);
    const seen: string[] = [];
    connection.subscribe(() => {
      const link = connection.link();
      seen.push(link.state === "up" ? `up ${link.view.revision}` : "down");
    });
    await until(() => seen.includes("up 1"));
    closers[0]?.call(null);
    await until(() => seen.at(-1) === "down");
    const port = Number(new URL(host.url).port);
    const again = new WebSocketServer({ port, host: "127.0.0.1" });
    closers.push(() => {
      for (const peer of again.clients) peer.terminate();
      again.close();
    });
    again.on("connection", (peer) => peer.once("message", () => push(peer, 2)));
    await until(() => seen.at(-1) === "up 2");
    expect(seen.filter((state) => state !== "down")).toEqual(["up 1", "up 2"]);
  });

  test("[T1] asks for a fresh page where the host has started anew and knows the token no more", async () => {
    const host = await hostThat((peer) => peer.once("message", () => peer.close(4401, "wrong token")));
    await new Promise<void>((stale) => {
      open(host.url, stale);
    });
    expect(host.said).toEqual([{ type: "hello", token: "t" }]);
  });

  test("[T1] keeps the last good view when the host sends one that it does not understand", async () => {
    const host = await hostThat((peer) =>
      peer.once("message", () => {
        push(peer, 7);
        peer.send(JSON.stringify({ type: "view", view: { ...viewOf(8), screen: { kind: "of-tomorrow" } } }));
        peer.send("not JSON");
        push(peer, 9);
      }),
    );
    const connection = open(host.url);
    const revisions: number[] = [];
    connection.subscribe(() => {
      const link = connection.link();
      if (link.state === "up") revisions.push(link.view.revision);
    });
    await until(() => revisions.includes(9));
    expect(revisions).toEqual([7, 9]);
  });
});
