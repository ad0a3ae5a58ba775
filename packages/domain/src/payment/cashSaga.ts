import { z } from "zod";
import { Fen } from "../money/fen.ts";
import { allocate, Allocation, dueTotalFen, IntentId, PaymentDue } from "./schema.ts";

/**
 * The cash payment saga of a kiosk, pure. The host writes the state that a step returns (with its reports) in one
 * durable transaction, and only then carries out the effects; what an effect brings back is the next input. A restart
 * is an input like any other: each phase has exactly one way forward, and money that cannot be proved by the device's
 * own counters ends as an open case, never as a guess.
 *
 * Invariant in every state: Σ stacked = dispensed + Σ allocated + caseFen once the phase is final.
 */

export const StackedNote = z.object({ noteId: z.string(), denominationFen: Fen });
export type StackedNote = z.infer<typeof StackedNote>;

/** Non-volatile counters of the cash device: the only evidence of what moved when an answer was lost. */
export const CashEvidence = z.object({
  stackedFen: Fen,
  dispensedFen: Fen,
  lastStackedNoteId: z.string().nullable(),
  escrow: StackedNote.nullable(),
});
export type CashEvidence = z.infer<typeof CashEvidence>;

export const CashPhase = z.discriminatedUnion("name", [
  /** Acceptor on, waiting for a note. */
  z.object({ name: z.literal("accepting") }),
  /** The counters are being read before a value command; which one is `before`. */
  z.object({ name: z.literal("measuring"), before: z.enum(["stack", "dispense"]), note: StackedNote.nullable() }),
  /** The stack command may have left. Settled by its answer or by evidence. */
  z.object({ name: z.literal("stacking"), note: StackedNote, stackedBeforeFen: Fen }),
  /** The dispense command may have left. */
  z.object({ name: z.literal("dispensing"), requestFen: Fen, dispensedBeforeFen: Fen }),
  /** An answer was lost or the host restarted: evidence is being gathered for the phase in `of`. */
  z.object({
    name: z.literal("recovering"),
    of: z.discriminatedUnion("name", [
      z.object({ name: z.literal("idle") }),
      z.object({ name: z.literal("stacking"), note: StackedNote, stackedBeforeFen: Fen }),
      z.object({ name: z.literal("dispensing"), requestFen: Fen, dispensedBeforeFen: Fen }),
    ]),
  }),
  /** Final. */
  z.object({ name: z.literal("settled") }),
  z.object({ name: z.literal("cancelled") }),
]);
export type CashPhase = z.infer<typeof CashPhase>;

export const CashPayment = z.object({
  intentId: IntentId,
  due: PaymentDue,
  /** What happens to the part above the amount due; chosen by the customer, or forced where the hopper is short. */
  remainder: z.enum(["change", "prepay"]),
  phase: CashPhase,
  stacked: z.array(StackedNote),
  dispensedFen: Fen,
  /** Set once no further note is wanted: why. Recovery after a restart always ends the payment. */
  ending: z.enum(["paid", "finish-early", "cancel", "timeout", "fault", "restart"]).nullable(),
  allocation: Allocation.nullable(),
  /** Money whose whereabouts only a person can settle. */
  caseFen: Fen,
  caseReason: z.string().nullable(),
});
export type CashPayment = z.infer<typeof CashPayment>;

export type CashInput =
  | { type: "note-escrowed"; note: StackedNote }
  | { type: "measured"; evidence: CashEvidence }
  | { type: "stacked"; note: StackedNote }
  /** The device says for certain that the note was not stacked (returned, refused). */
  | { type: "stack-refused" }
  | { type: "dispensed"; amountFen: number }
  /** The answer to the last value command is lost, or the device is gone. */
  | { type: "answer-lost" }
  | { type: "evidence"; evidence: CashEvidence }
  /** Evidence could not be had for so long that a person must be shown the money. */
  | { type: "evidence-unavailable" }
  | { type: "finish-early" }
  | { type: "cancel" }
  | { type: "timeout" }
  | { type: "fault" }
  | { type: "restart" };

/** What the host must do after the state is durable. */
export type CashEffect =
  | { type: "enable-acceptor" }
  | { type: "disable-acceptor" }
  | { type: "return-escrow" }
  /** Answer with `measured`. */
  | { type: "measure" }
  | { type: "stack"; note: StackedNote }
  | { type: "dispense"; amountFen: number }
  /** Answer with `evidence` or `evidence-unavailable`. */
  | { type: "gather-evidence" };

/** Facts for the centre, written to the outbox in the same transaction as the state. */
export type CashReport =
  | { type: "payment.opened"; intentId: string; tender: "cash"; due: PaymentDue; remainder: "change" | "prepay" }
  | { type: "payment.note-stacked"; intentId: string; index: number; noteId: string; amountFen: number }
  | { type: "payment.change-dispensed"; intentId: string; amountFen: number }
  | {
      type: "payment.settled";
      intentId: string;
      receivedFen: number;
      dispensedFen: number;
      allocation: Allocation;
      caseFen: number;
      caseReason: string | null;
      ending: string;
    }
  | { type: "payment.cancelled"; intentId: string };

export interface CashStep {
  payment: CashPayment;
  effects: CashEffect[];
  reports: CashReport[];
}

export function openCashPayment(intentId: IntentId, due: PaymentDue, remainder: "change" | "prepay"): CashStep {
  const payment: CashPayment = {
    intentId,
    due,
    remainder,
    phase: { name: "accepting" },
    stacked: [],
    dispensedFen: 0,
    ending: null,
    allocation: null,
    caseFen: 0,
    caseReason: null,
  };
  return {
    payment,
    effects: [{ type: "enable-acceptor" }],
    reports: [{ type: "payment.opened", intentId, tender: "cash", due, remainder }],
  };
}

export function receivedFen(payment: CashPayment): number {
  return payment.stacked.reduce((sum, note) => sum + note.denominationFen, 0);
}

export function isFinal(payment: CashPayment): boolean {
  return payment.phase.name === "settled" || payment.phase.name === "cancelled";
}

/** Inputs that do not belong to the phase (late, doubled) change nothing: same state, no effects. */
export function stepCash(payment: CashPayment, input: CashInput): CashStep {
  const { phase } = payment;
  if (input.type === "restart") return restart(payment);
  switch (phase.name) {
    case "accepting":
      return whileAccepting(payment, input);
    case "measuring":
      return whileMeasuring(payment, phase, input);
    case "stacking":
      return whileStacking(payment, phase, input);
    case "dispensing":
      return whileDispensing(payment, phase, input);
    case "recovering":
      return whileRecovering(payment, phase.of, input);
    case "settled":
    case "cancelled":
      return unchanged(payment);
    default:
      return phase satisfies never;
  }
}

function unchanged(payment: CashPayment): CashStep {
  return { payment, effects: [], reports: [] };
}

function whileAccepting(payment: CashPayment, input: CashInput): CashStep {
  switch (input.type) {
    case "note-escrowed":
      return {
        payment: { ...payment, phase: { name: "measuring", before: "stack", note: input.note } },
        effects: [{ type: "measure" }],
        reports: [],
      };
    case "finish-early":
    case "cancel":
    case "timeout":
    case "fault":
      return wantEnd(payment, input.type);
    case "answer-lost":
      return recover({ ...payment, ending: payment.ending ?? "fault" }, { name: "idle" });
    default:
      return unchanged(payment);
  }
}

function whileMeasuring(
  payment: CashPayment,
  phase: Extract<CashPhase, { name: "measuring" }>,
  input: CashInput,
): CashStep {
  switch (input.type) {
    case "measured": {
      if (phase.before === "dispense") {
        const requestFen = owedBackFen(payment);
        return {
          payment: {
            ...payment,
            phase: { name: "dispensing", requestFen, dispensedBeforeFen: input.evidence.dispensedFen },
          },
          effects: [{ type: "dispense", amountFen: requestFen }],
          reports: [],
        };
      }
      // A note that has left the escrow meanwhile (pulled out, returned by the device) was never ours.
      const { note } = phase;
      if (note === null || input.evidence.escrow?.noteId !== note.noteId) return afterNote(payment);
      if (payment.ending !== null) return returnNote(payment);
      return {
        payment: { ...payment, phase: { name: "stacking", note, stackedBeforeFen: input.evidence.stackedFen } },
        effects: [{ type: "stack", note }],
        reports: [],
      };
    }
    case "answer-lost":
      return recover({ ...payment, ending: payment.ending ?? "fault" }, { name: "idle" });
    case "finish-early":
    case "cancel":
    case "timeout":
    case "fault":
      // Taken up as soon as the note is dealt with.
      return { payment: { ...payment, ending: payment.ending ?? input.type }, effects: [], reports: [] };
    default:
      return unchanged(payment);
  }
}

function whileStacking(
  payment: CashPayment,
  phase: Extract<CashPhase, { name: "stacking" }>,
  input: CashInput,
): CashStep {
  switch (input.type) {
    case "stacked":
      return input.note.noteId === phase.note.noteId ? noteStacked(payment, phase.note) : unchanged(payment);
    case "stack-refused":
      return afterNote(payment);
    case "answer-lost":
      return recover(payment, { name: "stacking", note: phase.note, stackedBeforeFen: phase.stackedBeforeFen });
    case "finish-early":
    case "cancel":
    case "timeout":
    case "fault":
      return { payment: { ...payment, ending: payment.ending ?? input.type }, effects: [], reports: [] };
    default:
      return unchanged(payment);
  }
}

function whileDispensing(
  payment: CashPayment,
  phase: Extract<CashPhase, { name: "dispensing" }>,
  input: CashInput,
): CashStep {
  switch (input.type) {
    case "dispensed":
      return settle(withDispensed(payment, input.amountFen));
    case "answer-lost":
      return recover(payment, {
        name: "dispensing",
        requestFen: phase.requestFen,
        dispensedBeforeFen: phase.dispensedBeforeFen,
      });
    default:
      return unchanged(payment);
  }
}

type Recovery = Extract<CashPhase, { name: "recovering" }>["of"];

function whileRecovering(payment: CashPayment, of: Recovery, input: CashInput): CashStep {
  if (input.type === "evidence-unavailable") return settleWithoutEvidence(payment, of);
  if (input.type !== "evidence") return unchanged(payment);
  const { evidence } = input;
  switch (of.name) {
    case "idle":
      // A note that lay in escrow when the power went was never taken: it goes back.
      return evidence.escrow ? returnNote(payment) : afterNote(payment);
    case "stacking": {
      const { note } = of;
      if (evidence.lastStackedNoteId === note.noteId) return noteStacked(payment, note);
      if (evidence.escrow?.noteId === note.noteId) return returnNote(payment);
      if (evidence.stackedFen === of.stackedBeforeFen) return afterNote(payment);
      return settle(
        {
          ...payment,
          ending: payment.ending ?? "fault",
          caseFen: payment.caseFen + note.denominationFen,
          caseReason: "note-unaccounted",
          stacked: [...payment.stacked, note],
        },
        [
          {
            type: "payment.note-stacked",
            intentId: payment.intentId,
            index: payment.stacked.length,
            noteId: note.noteId,
            amountFen: note.denominationFen,
          },
        ],
      );
    }
    case "dispensing":
      return settle(withDispensed(payment, evidence.dispensedFen - of.dispensedBeforeFen));
    default:
      return of satisfies never;
  }
}

/** The device stays silent: what it may have moved goes to a person, the rest is credited. */
function settleWithoutEvidence(payment: CashPayment, of: Recovery): CashStep {
  const ending = payment.ending ?? "fault";
  switch (of.name) {
    case "idle":
      return settle({ ...payment, ending });
    case "stacking": {
      // Shown as received and owed: the cash count at the next clearing says whether it is there.
      const stacked = [...payment.stacked, of.note];
      return settle(
        {
          ...payment,
          ending,
          stacked,
          caseFen: payment.caseFen + of.note.denominationFen,
          caseReason: "stack-unproved",
        },
        [
          {
            type: "payment.note-stacked",
            intentId: payment.intentId,
            index: payment.stacked.length,
            noteId: of.note.noteId,
            amountFen: of.note.denominationFen,
          },
        ],
      );
    }
    case "dispensing":
      return settle({ ...payment, ending, caseFen: payment.caseFen + of.requestFen, caseReason: "dispense-unproved" });
    default:
      return of satisfies never;
  }
}

function noteStacked(payment: CashPayment, note: StackedNote): CashStep {
  const stacked = [...payment.stacked, note];
  const next = afterNote({ ...payment, stacked });
  return {
    ...next,
    reports: [
      {
        type: "payment.note-stacked",
        intentId: payment.intentId,
        index: payment.stacked.length,
        noteId: note.noteId,
        amountFen: note.denominationFen,
      },
      ...next.reports,
    ],
  };
}

/** No note is in the air: either the payment ends, or the next note is awaited. */
function afterNote(payment: CashPayment): CashStep {
  if (payment.ending !== null) return end(payment);
  if (receivedFen(payment) >= dueTotalFen(payment.due)) return end({ ...payment, ending: "paid" });
  return { payment: { ...payment, phase: { name: "accepting" } }, effects: [{ type: "enable-acceptor" }], reports: [] };
}

function returnNote(payment: CashPayment): CashStep {
  const next = afterNote(payment);
  return { ...next, effects: [{ type: "return-escrow" }, ...next.effects] };
}

function wantEnd(payment: CashPayment, ending: NonNullable<CashPayment["ending"]>): CashStep {
  return end({ ...payment, ending });
}

/** How much should be handed back: everything on cancel, the change when paid, nothing after a fault or a restart. */
function owedBackFen(payment: CashPayment): number {
  const received = receivedFen(payment);
  switch (payment.ending) {
    case "cancel":
      return received;
    case "paid":
      return payment.remainder === "change" ? received - dueTotalFen(payment.due) : 0;
    case "finish-early":
    case "timeout":
    case "fault":
    // After a restart the customer may be gone: cash on the tray would be anybody's; the account is certain.
    case "restart":
    case null:
      return 0;
    default:
      return payment.ending satisfies never;
  }
}

function end(payment: CashPayment): CashStep {
  if (owedBackFen(payment) > 0) {
    return {
      payment: { ...payment, phase: { name: "measuring", before: "dispense", note: null } },
      effects: [{ type: "disable-acceptor" }, { type: "measure" }],
      reports: [],
    };
  }
  const next = settle(payment);
  return { ...next, effects: [{ type: "disable-acceptor" }, ...next.effects] };
}

function withDispensed(payment: CashPayment, amountFen: number): CashPayment {
  return { ...payment, dispensedFen: payment.dispensedFen + amountFen };
}

function settle(payment: CashPayment, reports: CashReport[] = []): CashStep {
  const received = receivedFen(payment);
  const keptFen = received - payment.dispensedFen - payment.caseFen;
  if (received === 0 && payment.dispensedFen === 0) {
    return {
      payment: { ...payment, phase: { name: "cancelled" }, allocation: { bills: [], prepayFen: 0 } },
      effects: [],
      reports: [...reports, { type: "payment.cancelled", intentId: payment.intentId }],
    };
  }
  // A dispenser that paid out more than it was asked to: the shortfall is the utility's loss and a person's case.
  const overpaidFen = Math.max(0, -keptFen);
  const allocation = allocate(payment.due, Math.max(0, keptFen));
  const caseFen = payment.caseFen - overpaidFen;
  const caseReason = overpaidFen > 0 ? "over-dispensed" : payment.caseReason;
  const settled: CashPayment = { ...payment, phase: { name: "settled" }, allocation, caseFen, caseReason };
  const dispensed: CashReport[] =
    payment.dispensedFen > 0
      ? [{ type: "payment.change-dispensed", intentId: payment.intentId, amountFen: payment.dispensedFen }]
      : [];
  return {
    payment: settled,
    effects: [],
    reports: [
      ...reports,
      ...dispensed,
      {
        type: "payment.settled",
        intentId: payment.intentId,
        receivedFen: received,
        dispensedFen: payment.dispensedFen,
        allocation,
        caseFen,
        caseReason,
        ending: payment.ending ?? "paid",
      },
    ],
  };
}

function recover(payment: CashPayment, of: Recovery): CashStep {
  return {
    payment: { ...payment, phase: { name: "recovering", of } },
    effects: [{ type: "gather-evidence" }],
    reports: [],
  };
}

function restart(payment: CashPayment): CashStep {
  const { phase } = payment;
  switch (phase.name) {
    case "settled":
    case "cancelled":
      return unchanged(payment);
    case "accepting":
      return recover({ ...payment, ending: payment.ending ?? "restart" }, { name: "idle" });
    case "measuring":
      // Nothing had left yet. Change that was about to be paid goes to the account instead.
      return recover({ ...payment, ending: "restart" }, { name: "idle" });
    case "stacking":
      return recover(
        { ...payment, ending: payment.ending ?? "restart" },
        { name: "stacking", note: phase.note, stackedBeforeFen: phase.stackedBeforeFen },
      );
    case "dispensing":
      return recover(payment, {
        name: "dispensing",
        requestFen: phase.requestFen,
        dispensedBeforeFen: phase.dispensedBeforeFen,
      });
    case "recovering":
      return recover({ ...payment, ending: payment.ending ?? "restart" }, phase.of);
    default:
      return phase satisfies never;
  }
}
