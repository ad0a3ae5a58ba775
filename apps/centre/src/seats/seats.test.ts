import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { seedSmall, startTestCentre } from "../testing/testCentre.ts";
test("starts", async () => {
  await using t = await startTestCentre();
  await seedSmall(t.centre);
  await pause(2000);
  expect(t.centre.seats.dispatcher.isLeading()).toBe(true);
});
