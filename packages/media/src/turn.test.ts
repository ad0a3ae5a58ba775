import { describe, expect, test } from "vitest";
import { turnServer } from "./turn.ts";

describe("TURN credentials", () => {
  const options = { urls: ["turn:127.0.0.1:3478"], secret: "north", ttlMs: 600_000 };

  test("[R1] name their expiry in seconds and their owner", () => {
    expect(turnServer(options, "k-h1-1", 1_700_000_000_400)).toEqual({
      urls: ["turn:127.0.0.1:3478"],
      username: "1700000600:k-h1-1",
      // printf %s 1700000600:k-h1-1 | openssl dgst -sha1 -hmac north -binary | base64
      credential: "5rVvhCQT+fk573Bl3PqXrSr1Yho=",
    });
  });

  test("[R1] of another owner or time have another password", () => {
    const one = turnServer(options, "a", 0).credential;
    expect(turnServer(options, "b", 0).credential).not.toBe(one);
    expect(turnServer(options, "a", 1_000).credential).not.toBe(one);
  });
});
