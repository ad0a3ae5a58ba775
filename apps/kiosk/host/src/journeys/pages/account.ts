import { deviceApi } from "@gridhall/domain/backoffice/api.ts";
import type { PrintState } from "@gridhall/domain/kiosk/view.ts";
import { isMessage, message, type PageContext, type PageController } from "../page.ts";

function required<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`the journey has no ${what} on a page that needs it`);
  return value;
}

export function chooseAccountPage(context: PageContext): PageController {
  const { answers } = context;
  return {
    screen: () => ({ kind: "choose-account", accounts: answers.accounts }),
    act(action) {
      if (action.type !== "choose") return false;
      const account = answers.accounts.find((candidate) => candidate.accountNo === action.accountNo);
      if (!account) return true;
      void context
        .busy(message("busy.loading"), async () =>
          deviceApi["account.overview"].result.parse(
            await context.ask("account.overview", { accountNo: account.accountNo }),
          ),
        )
        .then((overview) => {
          if (context.signal.aborted || isMessage(overview)) return context.changed();
          answers.account = account;
          answers.overview = overview;
          context.outcome("chosen");
        });
      return true;
    },
  };
}

/** Account overview, list of bills and list of payments: three views of what is already here. */
export function accountPage(context: PageContext): PageController {
  const { answers } = context;
  // Coming back here after a payment shows what the payment changed.
  if (answers.result && answers.account) {
    const { accountNo } = answers.account;
    answers.result = null;
    void context
      .busy(message("busy.loading"), async () =>
        deviceApi["account.overview"].result.parse(await context.ask("account.overview", { accountNo })),
      )
      .then((overview) => {
        if (!isMessage(overview)) answers.overview = overview;
        context.changed();
      });
  }
  return {
    screen: () => ({ kind: "account", overview: required(answers.overview, "overview") }),
    act(action) {
      if (action.type !== "go") return false;
      if (action.to === "payments") {
        void context
          .busy(message("busy.loading"), async () =>
            deviceApi["account.payments"].result.parse(
              await context.ask("account.payments", { accountNo: required(answers.account, "account").accountNo }),
            ),
          )
          .then((found) => {
            if (context.signal.aborted || isMessage(found)) return context.changed();
            answers.payments = found.payments;
            context.outcome("payments");
          });
        return true;
      }
      context.outcome(action.to);
      return true;
    },
  };
}

export function paymentsPage(context: PageContext): PageController {
  return {
    screen: () => ({
      kind: "payments",
      account: required(context.answers.account, "account"),
      payments: context.answers.payments,
    }),
    act: () => false,
  };
}

export function billsPage(context: PageContext): PageController {
  const { answers } = context;
  return {
    screen: () => ({ kind: "bills", overview: required(answers.overview, "overview") }),
    act(action) {
      if (action.type !== "bill") return false;
      void context
        .busy(message("busy.loading"), async () =>
          deviceApi["account.bill"].result.parse(await context.ask("account.bill", { billId: action.billId })),
        )
        .then((bill) => {
          if (context.signal.aborted || isMessage(bill)) return context.changed();
          answers.bill = bill;
          context.outcome("bill");
        });
      return true;
    },
  };
}

export function billPage(context: PageContext): PageController {
  const { answers } = context;
  let print: PrintState = { state: "idle" };
  return {
    screen: () => ({ kind: "bill", bill: required(answers.bill, "bill"), print }),
    act(action) {
      switch (action.type) {
        case "go":
          if (action.to !== "pay") return false;
          context.outcome("pay", { "bill.unpaid": answers.bill?.status !== "paid" });
          return true;
        case "print-bill":
          if (print.state === "printing") return true;
          void context.printing.printBill(
            required(answers.bill, "bill"),
            context.settings().language,
            context.signal,
            (state) => {
              print = state;
              context.changed();
              if (state.state === "done" || state.state === "failed")
                context.trace("document.printed", {
                  what: "bill",
                  billId: answers.bill?.billId ?? "",
                  ok: state.state === "done",
                });
            },
          );
          return true;
        default:
          return false;
      }
    },
  };
}
