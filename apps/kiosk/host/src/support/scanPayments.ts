import { type BeginScan, isScanFinal, ScanStatus } from "@gridhall/domain/payment/scanApi.ts";
import type { Journal } from "../store/journal.ts";

/** Asks the centre; rejects with `code` (link.offline, link.timeout, or the centre's own). */
export type AskCentre = (method: string, params: unknown, options?: { timeoutMs?: number }) => Promise<unknown>;

export interface ScanPayments {
  start(request: BeginScan): void;
  current(): { request: BeginScan; status: ScanStatus; unreachable: boolean } | null;
  onChange(listener: () => void): () => void;
  cancel(): void;
  /** Takes up what a restart interrupted: it is cancelled or found paid. Waits for the link as long as it takes. */
  recover(): void;
}

const POLL_MS = 700;

interface Stored {
  request: BeginScan;
  status: ScanStatus;
  cancelling: boolean;
}

/**
 * The kiosk's view of a payment that lives at the centre. The intent is durable here before the centre hears of it, and
 * stays open here until the centre says that it is final: no answer, restart or cut link ever ends it by itself.
 */
export function createScanPayments(options: {
  ask: AskCentre;
  journal: Journal;
  onError(cause: unknown): void;
}): ScanPayments {
  const { journal } = options;
  const listeners = new Set<() => void>();
  let stored: Stored | null = null;
  let unreachable = false;
  let loop: Promise<void> | null = null;

  const changed = () => {
    for (const listener of listeners) listener();
  };

  const save = (next: Stored, type: string) => {
    const final = isScanFinal(next.status.phase);
    journal.write({
      journeyId: next.request.journeyId,
      type: `scan.${type}`,
      detail: { phase: next.status.phase },
      scan: { intentId: next.request.intentId, state: next, final },
      reports: [
        {
          lane: "traces",
          type: "scan.phase",
          body: {
            journeyId: next.request.journeyId,
            intentId: next.request.intentId,
            phase: next.status.phase,
            provider: next.request.provider,
            mode: next.request.mode,
          },
        },
      ],
    });
    stored = next;
  };

  const follow = async (first: boolean): Promise<void> => {
    let begin = first;
    while (stored && !isScanFinal(stored.status.phase)) {
      try {
        const asked: Stored = stored;
        const { intentId } = asked.request;
        const answer = begin
          ? await options.ask("payment.scan-begin", asked.request, { timeoutMs: 12_000 })
          : await options.ask(
              asked.cancelling ? "payment.scan-cancel" : "payment.scan-status",
              { intentId },
              { timeoutMs: 8_000 },
            );
        begin = false;
        unreachable = false;
        const status = ScanStatus.parse(answer);
        const moved = status.phase !== stored.status.phase;
        // Only a change of phase is worth a durable write; the countdown is not.
        if (moved) save({ ...stored, status }, "phase");
        else stored = { ...stored, status };
        changed();
        if (isScanFinal(status.phase)) return;
      } catch (cause) {
        const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
        if (code === "payment.not-found" && stored && !stored.cancelling) {
          // The begin never arrived, or is still on its way: cancelling leaves a mark that refuses it when it comes late.
          begin = false;
          save({ ...stored, cancelling: true }, "cancel");
          continue;
        }
        if (code.startsWith("payment.")) {
          // The centre refused the intent: nothing was charged, and nothing can be under this id.
          if (stored) save({ ...stored, status: { ...stored.status, phase: "closed", reason: code } }, "refused");
          changed();
          return;
        }
        unreachable = true;
        options.onError(cause);
        changed();
        // The begin may or may not have arrived; from here on the centre is only asked, or told to cancel.
        begin = begin && code === "link.offline";
      }
      await new Promise((done) => setTimeout(done, POLL_MS));
    }
  };

  const run = (first: boolean) => {
    loop ??= follow(first)
      .catch(options.onError)
      .finally(() => {
        loop = null;
      });
  };

  return {
    start(request) {
      if (stored && !isScanFinal(stored.status.phase)) throw new Error("a scan payment is running");
      save(
        {
          request,
          cancelling: false,
          status: {
            intentId: request.intentId,
            phase: "preparing",
            qrText: null,
            secondsLeft: null,
            receiptNo: null,
            allocation: null,
            paidFen: 0,
            reason: null,
          },
        },
        "opened",
      );
      run(true);
      changed();
    },
    current: () => (stored ? { request: stored.request, status: stored.status, unreachable } : null),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    cancel() {
      if (!stored || stored.cancelling || isScanFinal(stored.status.phase)) return;
      save({ ...stored, cancelling: true }, "cancel");
      changed();
    },
    recover() {
      const open = journal.openScan();
      if (!open) return;
      // eslint-disable-next-line typescript/no-unsafe-type-assertion -- written by this module
      stored = { ...(open.state as Stored), cancelling: true };
      run(false);
    },
  };
}
