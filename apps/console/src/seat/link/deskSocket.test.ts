import type { DeskToCentre } from "@gridhall/domain/seats/desk.ts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type DeskLink, openDeskSocket, pauseMs, type Wire } from "./deskSocket.ts";

/** A socket whose far side is the test. */
class FakeWire implements Wire {
  readyState = 0;
  readonly sent: string[] = [];
  readonly #listeners = new Map<string, (event: { data: unknown; code: number }) => void>();
  addEventListener(type: string, listener: (event: { data: unknown; code: number }) => void): void {
    this.#listeners.set(type, listener);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.end(1000);
  }
  open(): void {
    this.readyState = 1;
    this.#listeners.get("open")?.({ data: null, code: 0 });
  }
  say(data: unknown): void {
    this.#listeners.get("message")?.({ data: JSON.stringify(data), code: 0 });
  }
  end(code: number): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#listeners.get("close")?.({ data: null, code });
  }
}

function desk() {
  const wires: FakeWire[] = [];
  const links: DeskLink[] = [];
  const heard: unknown[] = [];
  let unreadable = 0;
  let beat = () => {};
  const socket = openDeskSocket({
    connect: () => {
      const wire = new FakeWire();
      wires.push(wire);
      return wire;
    },
    everySecond: (next) => {
      beat = next;
      return () => {
        beat = () => {};
      };
    },
    nowMs: () => Date.now(),
    random: () => 1,
    onLink: (link) => links.push(link),
    onMessage: (message) => heard.push(message),
    onUnreadable: () => {
      unreadable += 1;
    },
  });
  const last = () => wires.at(-1) ?? new FakeWire();
  return { socket, wires, links, heard, last, beat: () => beat(), unreadable: () => unreadable };
}

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const refused = { type: "refused", order: "hold", reason: "wrong-phase" };
const order: DeskToCentre = { type: "extend-wrap" };

test("[R3] an open desk says each second that it is alive, and carries orders and answers", () => {
  const one = desk();
  expect(one.socket.send(order)).toBe(false);
  one.last().open();
  one.beat();
  expect(one.socket.send(order)).toBe(true);
  one.last().say(refused);
  expect(one.last().sent).toEqual(['{"type":"alive"}', '{"type":"extend-wrap"}']);
  expect(one.heard).toEqual([refused]);
});

test("[R3] a desk that is cut off comes back by itself, with pauses from 0.3 to 3 seconds", () => {
  const one = desk();
  one.last().open();
  one.last().end(1006);
  vi.advanceTimersByTime(299);
  expect(one.wires).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(one.wires).toHaveLength(2);
  one.last().open();
  expect(one.links).toEqual(["connecting", "open", "reconnecting", "open"]);
  expect([0, 1, 2, 3, 4, 9].map((attempt) => pauseMs(attempt, 1))).toEqual([300, 600, 1200, 2400, 3000, 3000]);
  expect(pauseMs(9, 0)).toBe(2250);
});

test("[R3] a desk that was opened elsewhere, or whose session ended, does not take itself back", () => {
  for (const [code, link] of [
    [4409, "opened-elsewhere"],
    [4401, "signed-out"],
    [4403, "not-allowed"],
  ] as const) {
    const one = desk();
    one.last().open();
    one.last().end(code);
    vi.advanceTimersByTime(60_000);
    expect(one.links.at(-1)).toBe(link);
    expect(one.wires).toHaveLength(1);
  }
});

test("a line that is silent for twelve seconds is dead, whatever the socket says", () => {
  const one = desk();
  one.last().open();
  vi.advanceTimersByTime(11_000);
  one.beat();
  expect(one.links.at(-1)).toBe("open");
  one.last().say(refused);
  vi.advanceTimersByTime(11_000);
  one.beat();
  expect(one.links.at(-1)).toBe("open");
  vi.advanceTimersByTime(1_500);
  one.beat();
  expect(one.links.at(-1)).toBe("reconnecting");
  vi.advanceTimersByTime(300);
  expect(one.wires).toHaveLength(2);
  // What the dead line still brings is not listened to.
  one.wires[0]?.say(refused);
  expect(one.heard).toHaveLength(1);
});

test("a message of another version is told, and does not end the desk", () => {
  const one = desk();
  one.last().open();
  one.last().say({ type: "from-the-future" });
  expect(one.unreadable()).toBe(1);
  expect(one.links.at(-1)).toBe("open");
});

test("a closed desk stays closed", () => {
  const one = desk();
  one.last().open();
  one.socket.close();
  vi.advanceTimersByTime(60_000);
  expect(one.wires).toHaveLength(1);
  expect(one.links.at(-1)).toBe("closed");
});
