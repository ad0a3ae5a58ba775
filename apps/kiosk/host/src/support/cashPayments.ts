import {
  type CashEffect,
  type CashInput,
  type CashPayment,
  type CashStep,
  isFinal,
  openCashPayment,
  stepCash,
} from "@gridhall/domain/payment/cashSaga.ts";
import type { IntentId, PaymentDue } from "@gridhall/domain/payment/schema.ts";
import type { CashPort } from "../devices/ports.ts";
import type { Journal } from "../store/journal.ts";

/** What the page (or the recovery screen) shows of the running payment. */
export interface CashProgress {
  payment: CashPayment;
  doing:
    | "starting"
    | "insert"
    | "checking-note"
    | "storing-note"
    | "returning-note"
    | "paying-change"
    | "recovering"
    | "settling";
}

export interface CashPayments {
  /** One at a time. The intent and its first state are durable before the acceptor opens. */
  start(intentId: IntentId, due: PaymentDue, remainder: "change" | "prepay", journeyId: string | null): void;
  current(): CashProgress | null;
  onChange(listener: () => void): () => void;
  finishEarly(): void;
  cancel(): void;
  timeout(): void;
  /** Takes up what a restart interrupted; resolves when it is final, with what became of the money. */
  recover(): Promise<CashPayment | null>;
  /** Resolves when the running payment is final. */
  finished(): Promise<CashPayment | null>;
}

const EVIDENCE_RETRY_MS = 1_000;

/**
 * Runs the pure saga: each step is durable before its effects begin, effects run one after the other, and what they
 * bring back is the next input. Whatever the device does, the loop only ever moves forward.
 */
export function createCashPayments(options: {
  port: CashPort;
  journal: Journal;
  evidencePatienceMs: number;
  onError(cause: unknown): void;
}): CashPayments {
  const { port, journal } = options;
  const listeners = new Set<() => void>();
  const finishers = new Set<(payment: CashPayment | null) => void>();
  let current: CashPayment | null = null;
  let journeyId: string | null = null;
  let doing: CashProgress["doing"] = "starting";
  let effects: CashEffect[] = [];
  let running: Promise<void> | null = null;

  const changed = () => {
    for (const listener of listeners) listener();
  };

  const take = (input: CashInput) => {
    if (!current || isFinal(current)) return;
    apply(stepCash(current, input), input.type);
  };

  const apply = (step: CashStep, cause: string) => {
    if (step.payment === current && step.effects.length === 0 && step.reports.length === 0) return;
    const final = isFinal(step.payment);
    // Customer, journey and money in one transaction with the facts for the centre.
    journal.write({
      journeyId,
      type: `cash.${cause}`,
      detail: { phase: step.payment.phase.name },
      cash: { payment: step.payment, final },
      reports: step.reports.map((report) => ({ lane: "money", type: report.type, body: { ...report, journeyId } })),
    });
    current = step.payment;
    effects.push(...step.effects);
    doing = describe(step.payment, effects);
    changed();
    pump();
    if (final && effects.length === 0) finish();
  };

  const finish = () => {
    for (const done of finishers) done(current);
    finishers.clear();
  };

  const pump = () => {
    running ??= run().finally(() => {
      running = null;
      if (effects.length > 0) pump();
      else if (current && isFinal(current)) finish();
    });
  };

  const run = async () => {
    for (let effect = effects.shift(); effect; effect = effects.shift()) {
      try {
        await perform(effect);
      } catch (cause) {
        options.onError(cause);
        take({ type: "answer-lost" });
      }
    }
  };

  const perform = async (effect: CashEffect): Promise<void> => {
    switch (effect.type) {
      case "enable-acceptor":
        await port.enable();
        doing = "insert";
        changed();
        return;
      case "disable-acceptor":
        // A device that cannot be told to stop is closed by its own time-out; the payment must not hang on it.
        await port.disable().catch(options.onError);
        return;
      case "return-escrow":
        doing = "returning-note";
        changed();
        await port.returnEscrow().catch(options.onError);
        return;
      case "measure": {
        const evidence = await port.evidence();
        take({ type: "measured", evidence });
        return;
      }
      case "stack": {
        const outcome = await port.stack(effect.note);
        if (outcome.kind === "done") take({ type: "stacked", note: effect.note });
        else take({ type: outcome.kind === "refused" ? "stack-refused" : "answer-lost" });
        return;
      }
      case "dispense": {
        const outcome = await port.dispense(effect.amountFen);
        take(
          outcome.kind === "dispensed" ? { type: "dispensed", amountFen: outcome.amountFen } : { type: "answer-lost" },
        );
        return;
      }
      case "gather-evidence":
        await gatherEvidence();
        return;
      default:
        return effect satisfies never;
    }
  };

  const gatherEvidence = async () => {
    const untilMs = performance.now() + options.evidencePatienceMs;
    for (;;) {
      try {
        const evidence = await port.evidence();
        take({ type: "evidence", evidence });
        return;
      } catch (cause) {
        if (performance.now() > untilMs) {
          options.onError(cause);
          take({ type: "evidence-unavailable" });
          return;
        }
        await new Promise((done) => setTimeout(done, EVIDENCE_RETRY_MS));
      }
    }
  };

  port.onNote((note) => take({ type: "note-escrowed", note }));
  port.onFault(() => take({ type: "fault" }));

  return {
    start(intentId, due, remainder, journey) {
      if (current && !isFinal(current)) throw new Error("a cash payment is running");
      journeyId = journey;
      effects = [];
      current = null;
      apply(openCashPayment(intentId, due, remainder), "opened");
    },
    current: () => (current ? { payment: current, doing } : null),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    finishEarly: () => take({ type: "finish-early" }),
    cancel: () => take({ type: "cancel" }),
    timeout: () => take({ type: "timeout" }),
    async recover() {
      const open = journal.openCash();
      if (!open) return null;
      current = open.payment;
      journeyId = open.journeyId;
      const done = this.finished();
      take({ type: "restart" });
      return done;
    },
    finished() {
      if (!current || (isFinal(current) && effects.length === 0 && !running)) return Promise.resolve(current);
      return new Promise((done) => finishers.add(done));
    },
  };
}

function describe(payment: CashPayment, effects: readonly CashEffect[]): CashProgress["doing"] {
  switch (payment.phase.name) {
    case "accepting":
      return effects.some((effect) => effect.type === "return-escrow") ? "returning-note" : "starting";
    case "measuring":
      return payment.phase.before === "dispense" ? "paying-change" : "checking-note";
    case "stacking":
      return "storing-note";
    case "dispensing":
      return "paying-change";
    case "recovering":
      return "recovering";
    case "settled":
    case "cancelled":
      return "settling";
    default:
      return payment.phase satisfies never;
  }
}
