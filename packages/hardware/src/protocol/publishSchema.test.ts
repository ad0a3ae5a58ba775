import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { publishedFile, publishedText } from "./publishSchema.ts";

test("[T3] the published schema is in step with the messages", async () => {
  const published = await readFile(publishedFile, "utf8");
  expect(published, "run node packages/hardware/src/protocol/writeSchema.ts").toBe(publishedText());
});
