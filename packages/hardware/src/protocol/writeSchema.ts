import { mkdir, writeFile } from "node:fs/promises";
import { publishedFile, publishedText } from "./publishSchema.ts";

// `node packages/hardware/src/protocol/writeSchema.ts` after a change of the messages.
await mkdir(new URL(".", publishedFile), { recursive: true });
await writeFile(publishedFile, publishedText());
