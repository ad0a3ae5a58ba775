import { z } from "zod";
import { command } from "../define.ts";

const Fen = z.int().min(0);

/** Our own interface: what the standard's counts cannot say, because they begin anew with each replenishment. */
export const xCashCommands = {
  /**
   * Evidence that settles a lost answer: the device's non-volatile life counters in fen, the note that it stacked last,
   * and the note that lies in escrow now.
   */
  "X-Cash.GetEvidence": command({
    version: "1.0",
    effect: "read",
    result: {
      stackedFen: Fen,
      dispensedFen: Fen,
      lastStackedNoteId: z.string().nullable(),
      escrow: z.object({ noteId: z.string(), denominationFen: Fen }).nullable(),
    },
  }),
};
