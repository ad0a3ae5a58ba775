import { describe, expect, test } from "vitest";
import {
  MediaToClient,
  MediaToServer,
  type ParticipantId,
  type Presence,
  splitTrackId,
  TrackId,
  trackIdOf,
} from "./schema.ts";
import { mayReceive, mayRecord, visibleTracks } from "./visibility.ts";

const id = (text: string) => text as ParticipantId;
const customer: Presence = { participantId: id("c"), role: "customer", mode: "talking" };
const agent: Presence = { participantId: id("a"), role: "agent", mode: "talking" };
const second: Presence = { participantId: id("b"), role: "agent", mode: "talking" };
const supervisor = (mode: "listen" | "whisper" | "joined"): Presence => ({
  participantId: id("s"),
  role: "supervisor",
  mode,
});
const other: Presence = { participantId: id("t"), role: "supervisor", mode: "listen" };
const held: Presence = { ...customer, mode: "held" };
const away: Presence = { ...agent, mode: "held" };

const everything = (["c", "a", "b", "s", "t"] as const).flatMap((who) =>
  (["microphone", "camera", "screen"] as const).map((kind) => trackIdOf(id(who), kind)),
);

describe("who receives what", () => {
  const of = (who: string, kinds = "mcs") =>
    kinds.split("").map((letter) => `${who}/${{ m: "microphone", c: "camera", s: "screen" }[letter]}`);
  test.each<[string, Presence[], string, string[]]>([
    ["[R1] the customer: camera and microphone of the agent", [customer, agent], "c", of("a", "mc")],
    ["[R1] the agent: all of the customer", [customer, agent], "a", of("c")],
    ["[R2] the customer's screen reaches every agent", [customer, agent, second], "b", [...of("c"), ...of("a")]],
    ["[R6] a listening supervisor: everything", [customer, agent, supervisor("listen")], "s", [...of("c"), ...of("a")]],
    [
      "[R6] nobody perceives a listening supervisor: customer",
      [customer, agent, supervisor("listen")],
      "c",
      of("a", "mc"),
    ],
    ["[R6] nobody perceives a listening supervisor: agent", [customer, agent, supervisor("listen")], "a", of("c")],
    [
      "[R6] a whispering supervisor: the agent hears",
      [customer, agent, supervisor("whisper")],
      "a",
      [...of("c"), ...of("s", "m")],
    ],
    [
      "[R6] a whispering supervisor: the customer hears nothing",
      [customer, agent, supervisor("whisper")],
      "c",
      of("a", "mc"),
    ],
    [
      "[R6] take-over: the customer sees and hears the supervisor",
      [customer, agent, supervisor("joined")],
      "c",
      [...of("a", "mc"), ...of("s", "mc")],
    ],
    [
      "[R6] take-over: the agent sees and hears the supervisor",
      [customer, agent, supervisor("joined")],
      "a",
      [...of("c"), ...of("s", "mc")],
    ],
    ["[R6] supervisors see each other", [customer, supervisor("joined"), other], "t", [...of("c"), ...of("s")]],
    ["[R1] on hold: nothing for the customer", [held, agent], "c", []],
    ["[R1] on hold: nothing for the agent", [held, agent], "a", []],
    ["[R1] on hold: not even a supervisor who took over", [held, agent, supervisor("joined")], "c", []],
    ["[R1] on hold: agents confer", [held, agent, second], "a", of("b")],
    ["[R6] on hold: a supervisor still sees both", [held, agent, supervisor("listen")], "s", [...of("c"), ...of("a")]],
    ["[R6] on hold: a whisper still reaches the agent", [held, agent, supervisor("whisper")], "a", of("s", "m")],
    ["[R1] an agent on hold receives nothing", [customer, away, second], "a", []],
    ["[R1] an agent on hold is not received", [customer, away, second], "c", of("b", "mc")],
    ["[R1] two customers never see each other", [customer, { ...customer, participantId: id("b") }], "c", []],
    ["[R1] nothing of and for somebody who is not in the room", [customer], "a", []],
  ])("%s", (_title, participants, who, expected) => {
    const received = visibleTracks(id(who), everything, participants);
    expect(received.toSorted()).toEqual(expected.toSorted());
    expect(everything.filter((track) => mayReceive(id(who), track, participants))).toEqual(received);
  });
});

describe("what a recording holds", () => {
  test.each<[string, Presence[], string, boolean]>([
    ["[R6] customer and agent", [customer, agent], "c/camera", true],
    ["[R6] no customer on hold", [held, agent], "c/microphone", false],
    ["[R6] no whisper", [customer, agent, supervisor("whisper")], "s/microphone", false],
    ["[R6] a supervisor who took over", [customer, agent, supervisor("joined")], "s/microphone", true],
    ["[R6] nobody who is not in the room", [customer], "a/camera", false],
  ])("%s", (_title, participants, track, expected) => {
    expect(mayRecord(TrackId.parse(track), participants)).toBe(expected);
  });
});

describe("track ids", () => {
  test("are taken apart as they were put together", () => {
    const trackId = trackIdOf(id("k-h1-1"), "screen");
    expect(TrackId.parse(trackId)).toBe("k-h1-1/screen");
    expect(splitTrackId(trackId)).toEqual({ participantId: "k-h1-1", kind: "screen" });
  });
  test("of unknown kinds or with a second slash are refused", () => {
    for (const wrong of ["k/1/camera", "k/lamp", "/camera", "k"]) expect(TrackId.safeParse(wrong).success).toBe(false);
  });
});

describe("messages", () => {
  test("of unknown type, without an epoch or of absurd size are refused", () => {
    expect(MediaToServer.safeParse({ type: "sending", kinds: ["camera"] }).success).toBe(false);
    expect(MediaToServer.safeParse({ type: "shout", epoch: 1 }).success).toBe(false);
    expect(
      MediaToServer.safeParse({ type: "publish-offer", epoch: 1, sdp: "x".repeat(200_001), tracks: [] }).success,
    ).toBe(false);
    expect(MediaToClient.safeParse({ type: "tracks", epoch: 1, tracks: [{ mid: "0" }] }).success).toBe(false);
  });
});
