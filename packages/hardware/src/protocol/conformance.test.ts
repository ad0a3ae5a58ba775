import { expect, test } from "vitest";
import { createConformance } from "../testing/conformance.ts";
import { sendEveryMessage } from "../testing/everyMessage.ts";
import type { EventDefinition } from "./define.ts";
import { commands, events } from "./messages.ts";

test("[T3] every message of the catalogue is sent, and each validates against our schema and the standard's", async () => {
  const conformance = createConformance();
  await sendEveryMessage(conformance);
  const catalogue = [
    ...Object.keys(commands).flatMap((name) => [`command:${name}`, `acknowledge:${name}`, `completion:${name}`]),
    ...Object.entries<EventDefinition>(events).map(([name, { type }]) => `${type}:${name}`),
  ];
  expect(catalogue.filter((message) => !conformance.seen.has(message))).toEqual([]);
  expect(conformance.unexplained).toEqual([]);
  expect(conformance.stale()).toEqual([]);
});
