import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CashEvidence,
  type CashInput,
  type CashPayment,
  type CashStep,
  isFinal,
  openCashPayment,
  receivedFen,
  stepCash,
} from "./cashSaga.ts";
import { allocatedFen, dueTotalFen, IntentId, PaymentDue } from "./schema.ts";

const effort = Number(process.env["GRIDHALL_EFFORT"] ?? 1);
const intentId = IntentId.parse("0123456789abcdef");
const due = PaymentDue.parse({
  accountNo: "1200000000001",
  bills: [
    { billId: "b1", month: "2026-09", principalFen: 5000, lateFeeFen: 40 },
    { billId: "b2", month: "2026-10", principalFen: 3600, lateFeeFen: 0 },
  ],
  prepayFen: 0,
});

/** A cash device with truth of its own, which may lose answers; the saga sees it through inputs only. */
class Device {
  stackedFen = 70_000;
  dispensedFen = 1_000;
  lastStackedNoteId: string | null = "older";
  escrow: { noteId: string; denominationFen: number } | null = null;
  hopperFen = 100_000;
  enabled = false;
  evidence(): CashEvidence {
    return {
      stackedFen: this.stackedFen,
      dispensedFen: this.dispensedFen,
      lastStackedNoteId: this.lastStackedNoteId,
      escrow: this.escrow,
    };
  }
}

const Chance = fc.record({
  fate: fc.integer({ min: 0, max: 99 }),
  note: fc.constantFrom(100, 500, 1000, 2000, 5000, 10_000),
  act: fc.integer({ min: 0, max: 99 }),
  double: fc.boolean(),
});

/** Plays a whole payment with faults drawn from `chances`; answers the final state. */
function play(
  chances: { fate: number; note: number; act: number; double: boolean }[],
  remainder: "change" | "prepay",
  device: Device,
): { payment: CashPayment; steps: CashStep[] } {
  const steps: CashStep[] = [];
  let step = openCashPayment(intentId, due, remainder);
  steps.push(step);
  let queue = [...step.effects];
  let notes = 0;
  let late: CashInput[] = [];
  const feed = (input: CashInput) => {
    step = stepCash(step.payment, input);
    steps.push(step);
    queue.push(...step.effects);
  };
  for (let i = 0; i < 400 && !isFinal(step.payment); i += 1) {
    const chance = chances[i % chances.length] ?? { fate: 50, note: 1000, act: 50, double: false };
    if (chance.double && late.length > 0) for (const input of late) feed(input); // duplicated, late, out of order
    if (chance.fate < 8) {
      queue = []; // kill -9: what was about to be done is gone
      feed({ type: "restart" });
      continue;
    }
    const effect = queue.shift();
    if (!effect) {
      // Nothing to do: the world acts.
      if (chance.act < 70 && device.enabled && device.escrow === null) {
        notes += 1;
        device.escrow = { noteId: `n${notes}`, denominationFen: chance.note };
        feed({ type: "note-escrowed", note: device.escrow });
      } else if (chance.act < 76) feed({ type: "finish-early" });
      else if (chance.act < 82) feed({ type: "cancel" });
      else if (chance.act < 86) feed({ type: "timeout" });
      else if (chance.act < 90) feed({ type: "fault" });
      else if (chance.act < 92 && device.escrow) device.escrow = null;
      else if (!device.enabled) feed({ type: "answer-lost" });
      continue;
    }
    switch (effect.type) {
      case "enable-acceptor":
        device.enabled = true;
        break;
      case "disable-acceptor":
        device.enabled = false;
        break;
      case "return-escrow":
        device.escrow = null;
        break;
      case "measure":
        if (chance.fate < 14) feed({ type: "answer-lost" });
        else feed({ type: "measured", evidence: device.evidence() });
        break;
      case "stack": {
        const moved = chance.fate >= 16 && device.escrow?.noteId === effect.note.noteId;
        if (moved) {
          device.stackedFen += effect.note.denominationFen;
          device.lastStackedNoteId = effect.note.noteId;
          device.escrow = null;
        }
        if (chance.fate < 24) feed({ type: "answer-lost" });
        else if (moved) {
          const answer: CashInput = { type: "stacked", note: effect.note };
          late = [answer];
          feed(answer);
        } else feed({ type: "stack-refused" });
        break;
      }
      case "dispense": {
        const paid = Math.min(
          device.hopperFen,
          chance.fate < 20 ? Math.floor(effect.amountFen / 200) * 100 : effect.amountFen,
        );
        device.dispensedFen += paid;
        device.hopperFen -= paid;
        if (chance.fate < 30) feed({ type: "answer-lost" });
        else {
          const answer: CashInput = { type: "dispensed", amountFen: paid };
          late = [answer];
          feed(answer);
        }
        break;
      }
      case "gather-evidence":
        if (chance.fate > 97) feed({ type: "evidence-unavailable" });
        else feed({ type: "evidence", evidence: device.evidence() });
        break;
    }
  }
  return { payment: step.payment, steps };
}

describe("the cash saga", () => {
  test("[P3] under kills, lost answers, doubled inputs and short hoppers the money in the box equals credits plus open cases", () => {
    fc.assert(
      fc.property(
        fc.array(Chance, { minLength: 30, maxLength: 120 }),
        fc.constantFrom("change" as const, "prepay" as const),
        fc.constantFrom(100_000, 3_000, 0),
        (chances, remainder, hopperFen) => {
          const device = new Device();
          device.hopperFen = hopperFen;
          const before = device.evidence();
          const { payment, steps } = play(chances, remainder, device);
          fc.pre(isFinal(payment));
          const netInBoxFen = device.stackedFen - before.stackedFen - (device.dispensedFen - before.dispensedFen);
          const creditedFen = payment.allocation ? allocatedFen(payment.allocation) : 0;
          const unproved = payment.caseReason === "stack-unproved" || payment.caseReason === "dispense-unproved";
          if (unproved) {
            // What only a person can settle is never more than the movement in question, and all else adds up.
            expect(Math.abs(netInBoxFen - creditedFen)).toBeLessThanOrEqual(payment.caseFen);
          } else expect(netInBoxFen).toBe(creditedFen + payment.caseFen);
          // The reports tell the same story as the state.
          const reports = steps.flatMap((step) => step.reports);
          const notesFen = reports.reduce(
            (sum, report) => sum + (report.type === "payment.note-stacked" ? report.amountFen : 0),
            0,
          );
          expect(notesFen).toBe(receivedFen(payment));
          expect(
            reports.filter((report) => report.type === "payment.settled" || report.type === "payment.cancelled"),
          ).toHaveLength(1);
        },
      ),
      { numRuns: 3000 * effort },
    );
  });

  test("[P3] most played payments reach an end, so the property above is not vacuous", () => {
    const ended = fc
      .sample(fc.array(Chance, { minLength: 60, maxLength: 120 }), { numRuns: 200, seed: 7 })
      .filter((chances) => isFinal(play(chances, "change", new Device()).payment));
    expect(ended.length).toBeGreaterThan(150);
  });

  test("[P1] overpayment gives change and pays the bills, late fee first", () => {
    const device = new Device();
    const calm = Array.from({ length: 40 }, () => ({ fate: 50, note: 10_000, act: 10, double: false }));
    const { payment } = play(calm, "change", device);
    expect(payment.phase.name).toBe("settled");
    expect(payment.dispensedFen).toBe(10_000 - dueTotalFen(due));
    expect(payment.allocation).toEqual({
      bills: [
        { billId: "b1", lateFeeFen: 40, principalFen: 5000 },
        { billId: "b2", lateFeeFen: 0, principalFen: 3600 },
      ],
      prepayFen: 0,
    });
  });

  test("[P1] with the remainder to the prepaid balance nothing is dispensed", () => {
    const calm = Array.from({ length: 40 }, () => ({ fate: 50, note: 10_000, act: 10, double: false }));
    const { payment } = play(calm, "prepay", new Device());
    expect(payment.dispensedFen).toBe(0);
    expect(payment.allocation?.prepayFen).toBe(10_000 - dueTotalFen(due));
  });

  test("[P3] a restart while a note lies in escrow hands the note back and credits the notes before it", () => {
    let step = openCashPayment(intentId, due, "change");
    const first = { noteId: "n1", denominationFen: 2000 };
    step = stepCash(step.payment, { type: "note-escrowed", note: first });
    step = stepCash(step.payment, {
      type: "measured",
      evidence: { stackedFen: 0, dispensedFen: 0, lastStackedNoteId: null, escrow: first },
    });
    step = stepCash(step.payment, { type: "stacked", note: first });
    step = stepCash(step.payment, { type: "restart" });
    expect(step.effects).toEqual([{ type: "gather-evidence" }]);
    step = stepCash(step.payment, {
      type: "evidence",
      evidence: {
        stackedFen: 2000,
        dispensedFen: 0,
        lastStackedNoteId: "n1",
        escrow: { noteId: "n2", denominationFen: 500 },
      },
    });
    expect(step.effects[0]).toEqual({ type: "return-escrow" });
    expect(step.payment.allocation).toEqual({
      bills: [{ billId: "b1", lateFeeFen: 40, principalFen: 1960 }],
      prepayFen: 0,
    });
  });
});
