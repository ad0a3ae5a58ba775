/** One movement as one of the two books has it. */
export interface Entry {
  /** The order number that both sides use: the intent id. */
  key: string;
  kind: "payment" | "refund";
  amountFen: number;
  /** Local day on which this book has it. */
  day: string;
}

export interface Difference {
  kind: "only-ours" | "only-theirs" | "amount-differs" | "refund-missing" | "cash-differs";
  key: string | null;
  oursFen: number | null;
  theirsFen: number | null;
  explanation: string;
}

/**
 * Compares our ledger with the acquirer's bill of a day. `ours` also holds the days around it: what the acquirer has
 * just before midnight and we just after is the same money, not a difference.
 */
export function compareBooks(ours: readonly Entry[], theirs: readonly Entry[], day: string): Difference[] {
  const id = (entry: Entry) => `${entry.kind}:${entry.key}`;
  const oursById = new Map(ours.map((entry) => [id(entry), entry]));
  const theirsById = new Map(theirs.map((entry) => [id(entry), entry]));
  const found: Difference[] = [];
  for (const entry of theirs) {
    const mine = oursById.get(id(entry));
    if (!mine)
      found.push({
        kind: entry.kind === "refund" ? "refund-missing" : "only-theirs",
        key: entry.key,
        oursFen: null,
        theirsFen: entry.amountFen,
        explanation:
          entry.kind === "refund"
            ? "the acquirer returned money that our ledger still holds"
            : "the acquirer took money that our ledger does not know",
      });
    else if (mine.amountFen !== entry.amountFen)
      found.push({
        kind: "amount-differs",
        key: entry.key,
        oursFen: mine.amountFen,
        theirsFen: entry.amountFen,
        explanation: "both sides know it, with different amounts",
      });
  }
  for (const entry of ours) {
    if (entry.day !== day || theirsById.has(id(entry))) continue;
    found.push({
      kind: entry.kind === "refund" ? "refund-missing" : "only-ours",
      key: entry.key,
      oursFen: entry.amountFen,
      theirsFen: null,
      explanation:
        "our ledger has it, the acquirer's bill of the day has not; if it was paid around midnight, the bill of the day before or after has it",
    });
  }
  return found;
}
