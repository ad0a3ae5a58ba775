import { expect, test } from "vitest";
import { pressureOfLevel, pressureOfState, pressureOfWait, stopwatch } from "./seatTime.ts";

test("a running time is read as digits", () => {
  expect([0, 9_999, 75_000, 3_675_000, -5].map(stopwatch)).toEqual(["0:00", "0:09", "1:15", "1:01:15", "0:00"]);
});

test("[R6] waiting turns amber after four rings and red after twenty seconds", () => {
  expect([11_999, 12_000, 19_999, 20_000].map(pressureOfWait)).toEqual(["calm", "long", "long", "too-long"]);
});

test("[R6] a state that lasts too long shows; being ready or offline may last", () => {
  expect(pressureOfState("in-call", 9 * 60_000)).toBe("calm");
  expect(pressureOfState("in-call", 21 * 60_000)).toBe("too-long");
  expect(pressureOfState("missed", 0)).toBe("long");
  expect(pressureOfState("ready", 9e9)).toBe("calm");
  expect(pressureOfState("offline", 9e9)).toBe("calm");
});

test("a service level of nothing is no alarm", () => {
  expect([null, 0.8, 0.79, 0.59].map(pressureOfLevel)).toEqual(["calm", "calm", "long", "too-long"]);
});
