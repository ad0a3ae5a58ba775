import { type CashPayment, isFinal, receivedFen } from "@gridhall/domain/payment/cashSaga.ts";
import type { Message, PrintState } from "@gridhall/domain/kiosk/view.ts";
import { isScanFinal, type ScanStatus } from "@gridhall/domain/payment/scanApi.ts";
import { receiptNumber } from "@gridhall/domain/payment/receipt.ts";
import { allocatedFen, dueTotalFen, IntentId, type PaymentDue } from "@gridhall/domain/payment/schema.ts";
import { message, type PageContext, type PageController, type PaymentResult } from "../page.ts";

/** No note for so long: the payment settles with what is inside. */
const NO_NOTE_MS = 90_000;

export function cashPage(context: PageContext): PageController {
  const { answers, cash } = context;
  const { due } = answers;
  if (!cash || !due) throw new Error("the cash page needs a cash device and an amount");
  const totalFen = dueTotalFen(due);
  let problem: Message | null = null;
  let lastNoteMs = context.nowMs();
  let left = false;

  const unsubscribe = [
    cash.onChange(() => {
      lastNoteMs = context.nowMs();
      context.changed();
    }),
    ...(context.ports.cash
      ? [
          context.ports.cash.onRefused((reason) => {
            problem = message(
              {
                unrecognised: "problem.note-refused",
                counterfeit: "problem.note-counterfeit",
                denomination: "problem.note-denomination",
                full: "problem.cash-unavailable",
              }[reason],
            );
            context.changed();
          }),
          context.ports.cash.onFault((reason) => {
            problem = message(reason === "jam" ? "problem.cash-jam" : "problem.cash-unavailable");
            context.changed();
          }),
        ]
      : []),
  ];
  context.signal.addEventListener(
    "abort",
    () => {
      for (const stop of unsubscribe) stop();
      context.ports.cabinet?.guide(null);
    },
    { once: true },
  );
  const tick = setInterval(() => {
    const progress = cash.current();
    if (progress?.doing === "insert" && context.nowMs() - lastNoteMs > NO_NOTE_MS) cash.timeout();
    else context.changed();
  }, 1_000);
  context.signal.addEventListener("abort", () => clearInterval(tick), { once: true });

  context.ports.cabinet?.guide("cashIn");
  cash.start(IntentId.parse(context.newId()), due, answers.remainder, context.journeyId);
  void cash.finished().then((payment) => {
    if (!payment || context.signal.aborted || left) return;
    left = true;
    if (payment.phase.name === "cancelled") return context.outcome("cancelled");
    answers.result = cashResult(payment, due, context.nowMs(), !context.isOnline());
    context.outcome("settled");
  });

  return {
    screen() {
      const progress = cash.current();
      const payment = progress?.payment;
      const received = payment ? receivedFen(payment) : 0;
      return {
        kind: "cash",
        totalFen,
        receivedFen: received,
        remainder: answers.remainder,
        notes: payment?.stacked.map((note) => note.denominationFen) ?? [],
        doing: progress?.doing ?? "starting",
        changeFen: Math.max(0, received - totalFen),
        problem,
        secondsLeft:
          progress?.doing === "insert"
            ? Math.max(0, Math.ceil((NO_NOTE_MS - (context.nowMs() - lastNoteMs)) / 1000))
            : null,
      };
    },
    act(action) {
      if (action.type === "cash-finish") cash.finishEarly();
      else if (action.type === "cash-cancel") cash.cancel();
      else return false;
      return true;
    },
    isBusyWithMoney: () => {
      const progress = cash.current();
      return progress !== null && !isFinal(progress.payment);
    },
    moneyTimeout: () => cash.timeout(),
  };
}

export function cashResult(payment: CashPayment, due: PaymentDue, atMs: number, deferred: boolean): PaymentResult {
  const allocation = payment.allocation ?? { bills: [], prepayFen: 0 };
  const billsFen = allocatedFen({ ...allocation, prepayFen: 0 });
  const dueBillsFen = dueTotalFen({ ...due, prepayFen: 0 });
  const received = receivedFen(payment);
  const outcome =
    payment.caseFen !== 0
      ? "case"
      : received === payment.dispensedFen
        ? "returned"
        : billsFen < dueBillsFen
          ? "partly-paid"
          : billsFen === 0
            ? "prepaid"
            : "paid";
  return {
    intentId: payment.intentId,
    atMs,
    outcome,
    receivedFen: received,
    changeFen: payment.dispensedFen,
    billsFen,
    prepayFen: allocation.prepayFen,
    caseFen: payment.caseFen,
    receiptNo: receiptNumber(payment.intentId, atMs),
    deferred,
  };
}

export function scanPage(context: PageContext): PageController {
  const { answers, scan } = context;
  const { due, tender } = answers;
  if (!due || !tender || tender === "cash") throw new Error("the scan page needs an amount and a provider");
  const provider = tender.startsWith("wechat") ? "wechat" : "alipay";
  const mode = tender.endsWith("native") ? "native" : "code";
  const intentId = IntentId.parse(context.newId());
  let problem: Message | null = null;
  let presenting = mode === "code";
  let left = false;

  const begin = (authCode: string | null) => {
    presenting = false;
    context.ports.cabinet?.guide(null);
    scan.start({ intentId, journeyId: context.journeyId, due, provider, mode, authCode });
  };
  const present = () => {
    presenting = true;
    context.ports.cabinet?.guide("scanner");
    context.ports.scanner?.read(context.signal).then(
      (code) => {
        if (context.signal.aborted || left) return;
        if (/^\d{16,24}$/.test(code)) return begin(code);
        problem = message("problem.payment-code-invalid");
        context.changed();
        present();
      },
      () => {
        if (context.signal.aborted || left) return;
        problem = message("problem.code-unreadable");
        context.changed();
        setTimeout(() => {
          if (!context.signal.aborted && !left) present();
        }, 2_000);
      },
    );
  };

  const stop = scan.onChange(() => {
    const current = scan.current();
    if (!current || current.request.intentId !== intentId || left) return;
    if (isScanFinal(current.status.phase)) {
      left = true;
      if (current.status.phase === "paid" || current.status.phase === "case") {
        answers.result = scanResult(current.status, due, context.nowMs());
        return context.outcome("paid");
      }
      return context.outcome("closed");
    }
    context.changed();
  });
  context.signal.addEventListener(
    "abort",
    () => {
      stop();
      context.ports.cabinet?.guide(null);
    },
    { once: true },
  );
  if (mode === "native") begin(null);
  else present();

  const state = () => {
    if (presenting) return "present-code";
    const current = scan.current();
    const phase = current?.status.phase ?? "preparing";
    switch (phase) {
      case "preparing":
        return "preparing";
      case "waiting":
        return "show-qr";
      case "charging":
        return "charging";
      case "confirm-on-phone":
        return "confirm-on-phone";
      case "cancelling":
        return "cancelling";
      case "checking":
      case "refunding":
      case "paid":
      case "closed":
      case "refunded":
      case "case":
        return "checking";
      default:
        return phase satisfies never;
    }
  };

  return {
    screen() {
      const current = presenting ? null : scan.current();
      return {
        kind: "scan",
        provider,
        mode,
        totalFen: dueTotalFen(due),
        qrText: current?.status.qrText ?? null,
        state: state(),
        problem: current?.unreachable ? message("problem.payment-unclear") : problem,
        secondsLeft: current?.status.secondsLeft ?? null,
      };
    },
    act(action) {
      if (action.type !== "scan-cancel") return false;
      if (presenting) {
        left = true;
        context.outcome("closed");
      } else scan.cancel();
      return true;
    },
    isBusyWithMoney: () => !presenting && !left,
    moneyTimeout: () => {
      if (presenting) {
        left = true;
        context.outcome("closed");
      } else scan.cancel();
    },
  };
}

function scanResult(status: ScanStatus, due: PaymentDue, atMs: number): PaymentResult {
  const allocation = status.allocation ?? { bills: [], prepayFen: 0 };
  const billsFen = allocatedFen({ ...allocation, prepayFen: 0 });
  return {
    intentId: status.intentId,
    atMs,
    outcome: status.phase === "case" ? "case" : due.bills.length === 0 ? "prepaid" : "paid",
    receivedFen: status.paidFen,
    changeFen: 0,
    billsFen,
    prepayFen: allocation.prepayFen,
    caseFen: status.phase === "case" ? status.paidFen : 0,
    receiptNo: status.receiptNo ?? receiptNumber(status.intentId, atMs),
    deferred: false,
  };
}

export function resultPage(context: PageContext): PageController {
  const { answers } = context;
  const { result, account, tender } = answers;
  if (!result || !account) throw new Error("the result page needs a payment");
  let print: PrintState = { state: "idle" };
  const printReceipt = () => {
    if (print.state === "printing") return;
    void context.printing.printReceipt(
      { result, account, tender: tender ?? "cash", language: context.settings().language },
      context.signal,
      (state) => {
        print = state;
        context.changed();
        if (state.state === "done" || state.state === "failed")
          context.trace("document.printed", {
            what: "receipt",
            receiptNo: result.receiptNo,
            ok: state.state === "done",
          });
      },
    );
  };
  // Money was taken: the receipt comes without being asked for.
  if (result.receivedFen > 0) printReceipt();
  return {
    screen: () => ({
      kind: "result",
      outcome: result.outcome,
      account,
      tender: tender ?? "cash",
      receivedFen: result.receivedFen,
      changeFen: result.changeFen,
      billsFen: result.billsFen,
      prepayFen: result.prepayFen,
      caseFen: result.caseFen,
      receiptNo: result.receiptNo,
      print,
      deferred: result.deferred,
    }),
    act(action) {
      switch (action.type) {
        case "print-receipt":
          printReceipt();
          return true;
        case "again":
          context.outcome("again");
          return true;
        case "done":
          context.outcome("done");
          return true;
        default:
          return false;
      }
    },
  };
}
