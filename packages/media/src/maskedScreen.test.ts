import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPeers, type Peers } from "./testing/peers.ts";

describe("the masked screen", () => {
  let peers: Peers;
  beforeAll(async () => {
    peers = await openPeers();
  });
  afterAll(() => peers[Symbol.asyncDispose]());

  test("[R2] sensitive areas are black, and while they are unknown no frame leaves the browser", async () => {
    const viewport = { width: 400, height: 300 };
    const areas = [{ x: 100, y: 100, width: 100, height: 100 }];
    const mask = (masks: unknown) =>
      peers.page.evaluate<{ frames: number; inside: number; outside: number }>(
        `window.peers.mask(${JSON.stringify(masks)})`,
      );
    expect((await mask(null)).frames).toBe(0);
    const covered = await mask({ areas, viewport });
    expect(covered.frames).toBeGreaterThan(0);
    expect(covered.inside).toBeLessThan(10);
    expect(covered.outside).toBeGreaterThan(200);
    expect((await mask({ areas: [], viewport })).inside).toBeGreaterThan(200);
    const unknown = await mask(null);
    expect(unknown.frames).toBe(0);
  });
});
