import { deviceApi } from "@gridhall/domain/backoffice/api.ts";
import type { PrintState } from "@gridhall/domain/kiosk/view.ts";
import { message, type PageContext, type PageController } from "../page.ts";
import { createQuestions } from "../questions.ts";

function required<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`the journey has no ${what} on a page that needs it`);
  return value;
}

const askOverview = async (context: PageContext, accountNo: string) =>
  deviceApi["account.overview"].result.parse(await context.ask("account.overview", { accountNo }));

export function chooseAccountPage(context: PageContext): PageController {
  const { answers } = context;
  const questions = createQuestions(context);
  return {
    screen: () => ({ kind: "choose-account", accounts: answers.accounts, problem: questions.problem() }),
    act(action) {
      if (action.type === "retry") return questions.retry();
      if (action.type !== "choose") return false;
      const account = answers.accounts.find((candidate) => candidate.accountNo === action.accountNo);
      if (account)
        questions.ask(
          message("busy.loading"),
          () => askOverview(context, account.accountNo),
          (overview) => {
            answers.account = account;
            answers.overview = overview;
            context.outcome("chosen");
          },
        );
      return true;
    },
  };
}

/** Account overview, list of bills and list of payments: three views of what is already here. */
export function accountPage(context: PageContext): PageController {
  const { answers } = context;
  const questions = createQuestions(context);
  // Coming back here after a payment shows what the payment changed.
  if (answers.result && answers.account) {
    const { accountNo } = answers.account;
    questions.ask(
      message("busy.loading"),
      () => askOverview(context, accountNo),
      (overview) => {
        answers.overview = overview;
        answers.result = null;
        context.changed();
      },
    );
  }
  return {
    screen: () => ({
      kind: "account",
      overview: required(answers.overview, "overview"),
      problem: questions.problem() && answers.result ? message("problem.before-payment") : questions.problem(),
    }),
    act(action) {
      if (action.type === "retry") return questions.retry();
      if (action.type !== "go") return false;
      // After a payment the old figures would have the customer pay once more: first the new ones.
      if (answers.result) return questions.retry();
      if (action.to === "payments")
        questions.ask(
          message("busy.loading"),
          async () =>
            deviceApi["account.payments"].result.parse(
              await context.ask("account.payments", { accountNo: required(answers.account, "account").accountNo }),
            ),
          (found) => {
            answers.payments = found.payments;
            context.outcome("payments");
          },
        );
      else context.outcome(action.to);
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
  const questions = createQuestions(context);
  return {
    screen: () => ({
      kind: "bills",
      overview: required(answers.overview, "overview"),
      problem: questions.problem(),
    }),
    act(action) {
      if (action.type === "retry") return questions.retry();
      if (action.type !== "bill") return false;
      questions.ask(
        message("busy.loading"),
        async () =>
          deviceApi["account.bill"].result.parse(await context.ask("account.bill", { billId: action.billId })),
        (bill) => {
          answers.bill = bill;
          context.outcome("bill");
        },
      );
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
