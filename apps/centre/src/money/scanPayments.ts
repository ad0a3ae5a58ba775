import type { BeginScan, ScanPhase, ScanStatus } from "@gridhall/domain/payment/scanApi.ts";
import {
  openScanPayment,
  type ScanEffect,
  type ScanInput,
  type ScanTimes,
  stepScan,
} from "@gridhall/domain/payment/scanSaga.ts";
import { allocate, dueTotalFen } from "@gridhall/domain/payment/schema.ts";
import type { Logger } from "pino";
import type { BackOffice } from "../backoffice/backOffice.ts";
import { type Database, inScope, SYSTEM, type Tx } from "../db/database.ts";
import type { Bus } from "../live/bus.ts";
import { HallError, notFound } from "../web/errors.ts";
import type { Acquirer } from "./acquirers/acquirer.ts";
import type { OpenCase } from "./cashEffects.ts";
import { credit, recordStep } from "./credit.ts";
import { ledgerAccount, open, post, resolve } from "./ledger.ts";
import {
  dueScans,
  findScan,
  hasTombstone,
  insertScan,
  leaveTombstone,
  lockScan,
  type ScanRow,
  writeScan,
} from "./scanStore.ts";

export interface ScanService extends AsyncDisposable {
  begin(
    request: BeginScan,
    from: { deviceId: string | null; unitPath: string; channel: "kiosk" | "online" },
  ): Promise<ScanStatus>;
  status(intentId: string): Promise<ScanStatus>;
  cancel(intentId: string, by: string): Promise<ScanStatus>;
  /** What an acquirer's authentic notification says. */
  notify(provider: "wechat" | "alipay", outTradeNo: string, input: ScanInput): Promise<void>;
}

const SWEEP_MS = 500;

/**
 * Runs the scan saga: the state is committed before an effect leaves, and an answer is fed back under the row's lock.
 * A crash between the two loses nothing: the sweep finds the payment again and asks the acquirer.
 */
export function createScanService(options: {
  db: Database;
  logger: Logger;
  bus: Bus;
  backOffice: BackOffice;
  acquirers: ReadonlyMap<string, Acquirer>;
  openCase: OpenCase;
  times: ScanTimes;
  nowMs(): number;
}): ScanService {
  const { db, logger, times, nowMs } = options;
  const running = new Set<Promise<unknown>>();
  let disposed = false;

  const acquirerOf = (provider: string): Acquirer => {
    const acquirer = options.acquirers.get(provider);
    if (!acquirer)
      throw new HallError("payment.provider-unavailable", 503, `provider: ${provider} is not set up at this centre`);
    return acquirer;
  };

  /** One input: step, commit, then effects outside the transaction (they may take seconds). */
  const feed = async (intentId: string, input: ScanInput): Promise<void> => {
    const effects = await inScope(db, SYSTEM, async (tx) => {
      const row = await lockScan(tx, intentId);
      if (!row) return [];
      const step = stepScan(row.saga, input, nowMs(), times);
      if (step.payment === row.saga && step.effects.length === 0) {
        // Late and doubled answers change nothing, but a person who looks may want to see that they came.
        if (input.type === "paid" && row.saga.phase.name === "case")
          await recordStep(tx, intentId, row.unitPath, "late-answer", input);
        return [];
      }
      if (step.payment.phase.name !== row.saga.phase.name)
        await recordStep(tx, intentId, row.unitPath, step.payment.phase.name, { input, phase: step.payment.phase });
      await writeScan(tx, intentId, step.payment);
      const outside: ScanEffect[] = [];
      for (const effect of step.effects) if (!(await performInside(tx, row, effect))) outside.push(effect);
      if (input.type === "refund-done" && step.payment.phase.name === "refunded") await postRefund(tx, row);
      options.bus.emit("payment.changed", { intentId, unitPath: row.unitPath });
      return outside.map((effect) => ({ effect, row }));
    });
    for (const { effect, row } of effects) await performOutside(row, effect);
  };

  /** Money effects commit with the step that asks for them. */
  const performInside = async (tx: Tx, row: ScanRow, effect: ScanEffect): Promise<boolean> => {
    const { intentId, unitPath, accountNo } = row;
    const pendingId = `${intentId}:collect`;
    switch (effect.type) {
      case "credit": {
        await resolve(tx, pendingId, "posted", "collect");
        const done = await credit(
          tx,
          options.backOffice,
          { intentId, unitPath, accountNo, channel: `kiosk-${row.saga.provider}`, at: new Date(nowMs()) },
          allocate(row.due, effect.paidFen),
        );
        await writeScan(
          tx,
          intentId,
          { ...row.saga, phase: { name: "paid", transactionId: effect.transactionId }, tries: 0, nextAtMs: null },
          { receiptNo: done.receiptNo, allocation: done.allocation, receivedFen: effect.paidFen },
        );
        return true;
      }
      case "void":
        await resolve(tx, pendingId, "voided", "void");
        return true;
      case "refund":
        // The late money is in our hands until the refund is done: booked once, whatever is retried.
        await post(tx, {
          transferId: `${intentId}:late`,
          intentId,
          unitPath,
          debit: ledgerAccount.acquirer(row.saga.provider),
          credit: ledgerAccount.clearing(intentId),
          amountFen: effect.paidFen,
          kind: "late-collect",
        });
        return false;
      case "open-case":
        await options.openCase(tx, {
          caseId: `case-${intentId}`,
          intentId,
          unitPath,
          kind: effect.reason,
          amountFen: effect.amountFen,
          detail: { provider: row.saga.provider },
        });
        await writeScan(
          tx,
          intentId,
          { ...row.saga, phase: { name: "case", reason: effect.reason }, nextAtMs: null },
          { caseFen: effect.amountFen },
        );
        return true;
      case "create":
      case "query":
      case "close":
        return false;
      default:
        return effect satisfies never;
    }
  };

  const postRefund = async (tx: Tx, row: ScanRow) => {
    if (row.saga.phase.name !== "refunding") return;
    await post(tx, {
      transferId: `${row.intentId}:refund`,
      intentId: row.intentId,
      unitPath: row.unitPath,
      debit: ledgerAccount.clearing(row.intentId),
      credit: ledgerAccount.acquirer(row.saga.provider),
      amountFen: row.saga.phase.paidFen,
      kind: "refund",
    });
  };

  const performOutside = async (row: ScanRow, effect: ScanEffect): Promise<void> => {
    const acquirer = acquirerOf(row.saga.provider);
    const order = orderOf(row);
    switch (effect.type) {
      case "create":
        return feed(row.intentId, await acquirer.create(order, new Date(nowMs() + times.payMs + 60_000)));
      case "query": {
        const answer = await acquirer.query(row.intentId);
        return feed(row.intentId, answer);
      }
      case "close":
        return feed(row.intentId, await acquirer.close(row.intentId, row.saga.mode));
      case "refund":
        return feed(row.intentId, await acquirer.refund(order, `${row.intentId}R1`));
      default:
        return undefined;
    }
  };

  const track = (work: Promise<unknown>) => {
    running.add(work);
    work
      .catch((cause: unknown) =>
        logger.error(
          { cause: cause instanceof Error ? cause.stack : String(cause) },
          "a scan payment's step failed; the sweep takes it up",
        ),
      )
      .finally(() => running.delete(work));
  };

  const sweep = async () => {
    // Claimed by moving the time on: whoever crashes now, another sweep comes back to it.
    const claimed = await inScope(db, SYSTEM, async (tx) => {
      const intents = await dueScans(tx, 20);
      for (const intentId of intents) {
        const row = await lockScan(tx, intentId);
        if (row) await writeScan(tx, intentId, { ...row.saga, nextAtMs: nowMs() + times.retryMs });
      }
      return intents;
    });
    await Promise.all(claimed.map((intentId) => feed(intentId, { type: "due" })));
  };
  let sweeping = false;
  const timer = setInterval(() => {
    if (sweeping || disposed) return;
    sweeping = true;
    track(sweep().finally(() => (sweeping = false)));
  }, SWEEP_MS);

  const status = async (intentId: string): Promise<ScanStatus> => {
    const row = await inScope(db, SYSTEM, (tx) => findScan(tx, intentId));
    if (!row) throw notFound("payment", intentId);
    return describe(row, nowMs());
  };

  return {
    async begin(request, from) {
      const acquirer = acquirerOf(request.provider);
      const amountFen = dueTotalFen(request.due);
      if (amountFen <= 0) throw new HallError("payment.amount", 400, "due: nothing is to be paid");
      if (request.mode === "code" && request.authCode === null)
        throw new HallError("payment.auth-code", 400, "authCode: scan the payer's code first");
      const opened = openScanPayment(
        { intentId: request.intentId, provider: request.provider, mode: request.mode, amountFen },
        nowMs(),
        times,
      );
      const fresh = await inScope(db, SYSTEM, async (tx) => {
        if (await hasTombstone(tx, request.intentId))
          throw new HallError("payment.cancelled-before", 409, "intentId: was cancelled before it arrived");
        if ((await options.backOffice.unitOf(tx, request.due.accountNo)) === null)
          throw notFound("account", request.due.accountNo);
        const unitPath = from.unitPath;
        const isNew = await insertScan(tx, {
          deviceId: from.deviceId,
          journeyId: request.journeyId,
          unitPath,
          channel: from.channel,
          tender: `${request.provider}-${request.mode}`,
          due: request.due,
          saga: opened.payment,
        });
        if (isNew) {
          await open(tx, {
            transferId: `${request.intentId}:collect`,
            intentId: request.intentId,
            unitPath,
            debit: ledgerAccount.acquirer(request.provider),
            credit: ledgerAccount.clearing(request.intentId),
            amountFen,
          });
          await recordStep(tx, request.intentId, unitPath, "opened", {
            provider: request.provider,
            mode: request.mode,
            amountFen,
          });
        }
        return isNew;
      });
      if (fresh) {
        const row = await inScope(db, SYSTEM, (tx) => findScan(tx, request.intentId));
        if (row) {
          const work =
            request.mode === "native"
              ? performOutside(row, { type: "create" })
              : acquirer.charge(orderOf(row), request.authCode ?? "").then((answer) => feed(request.intentId, answer));
          track(work);
          // Most answers come within a second: the first reply then already carries the code to show.
          await Promise.race([work.catch(() => {}), new Promise((done) => setTimeout(done, 4_000))]);
        }
        options.bus.emit("payment.changed", { intentId: request.intentId, unitPath: from.unitPath });
      }
      return status(request.intentId);
    },
    status,
    async cancel(intentId, by) {
      const known = await inScope(db, SYSTEM, async (tx) => {
        if (await lockScan(tx, intentId)) return true;
        await leaveTombstone(tx, intentId, by);
        return false;
      });
      if (!known)
        return {
          intentId,
          phase: "closed",
          qrText: null,
          secondsLeft: null,
          receiptNo: null,
          allocation: null,
          paidFen: 0,
          reason: "never-begun",
        };
      await feed(intentId, { type: "cancel" });
      return status(intentId);
    },
    async notify(provider, outTradeNo, input) {
      const row = await inScope(db, SYSTEM, (tx) => findScan(tx, outTradeNo));
      if (!row || row.saga.provider !== provider) return;
      await feed(outTradeNo, input);
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      clearInterval(timer);
      await Promise.allSettled(running);
    },
  };
}

function orderOf(row: ScanRow) {
  return { outTradeNo: row.intentId, amountFen: row.saga.amountFen, subject: `电费 ${row.accountNo}` };
}

function describe(row: ScanRow, nowMs: number): ScanStatus {
  const { phase } = row.saga;
  const phases: Record<typeof phase.name, ScanPhase> = {
    creating: "preparing",
    charging: "charging",
    waiting: "waiting",
    confirming: "confirm-on-phone",
    closing: "cancelling",
    paid: "paid",
    closed: "closed",
    refunding: "refunding",
    refunded: "refunded",
    case: "case",
  };
  const deadline = phase.name === "waiting" || phase.name === "confirming" ? phase.deadlineMs : null;
  return {
    intentId: row.intentId,
    phase: phase.name === "confirming" && phase.unclear ? "checking" : phases[phase.name],
    qrText: phase.name === "waiting" ? phase.qrText : null,
    secondsLeft: deadline === null ? null : Math.max(0, Math.ceil((deadline - nowMs) / 1000)),
    receiptNo: row.receiptNo,
    allocation: row.allocation,
    paidFen: phase.name === "paid" || phase.name === "case" ? row.saga.amountFen : 0,
    reason: phase.name === "closing" || phase.name === "closed" || phase.name === "case" ? phase.reason : null,
  };
}
