import type { Message } from "@gridhall/domain/kiosk/view.ts";
import { dueTotalFen } from "@gridhall/domain/payment/schema.ts";
import { message, type PageContext, type PageController } from "../page.ts";

/** What one customer may add to the prepaid balance at a kiosk in one go (configuration of the hall later). */
const PREPAY_LIMIT_FEN = 100_000;

export function amountPage(context: PageContext): PageController {
  const { answers } = context;
  const { overview, account } = answers;
  if (!overview || !account) throw new Error("the amount page needs an account");
  // Coming from one bill, that bill is meant; otherwise all that is due. Older bills cannot be left out behind newer ones.
  const selected = new Set(
    overview.unpaid
      .filter((bill) => answers.bill === null || bill.month <= answers.bill.month)
      .map((bill) => bill.billId),
  );
  let prepayFen = 0;
  let problem: Message | null = null;
  const due = () => ({
    accountNo: account.accountNo,
    bills: overview.unpaid
      .filter((bill) => selected.has(bill.billId))
      .map(({ billId, month, principalFen, lateFeeFen }) => ({ billId, month, principalFen, lateFeeFen })),
    prepayFen,
  });
  return {
    screen: () => ({
      kind: "amount",
      account,
      prepaidFen: overview.prepaidFen,
      bills: overview.unpaid.map(({ billId, month, principalFen, lateFeeFen }) => ({
        billId,
        month,
        principalFen,
        lateFeeFen,
        selected: selected.has(billId),
      })),
      prepayFen,
      totalFen: dueTotalFen(due()),
      prepayLimitFen: PREPAY_LIMIT_FEN,
      problem,
    }),
    act(action) {
      switch (action.type) {
        case "select-bill": {
          const index = overview.unpaid.findIndex((bill) => bill.billId === action.billId);
          if (index === -1) return true;
          // Oldest first: choosing a bill takes those before it along, dropping one drops those after it.
          for (const [at, bill] of overview.unpaid.entries()) {
            if (action.selected && at <= index) selected.add(bill.billId);
            if (!action.selected && at >= index) selected.delete(bill.billId);
          }
          problem = null;
          context.changed();
          return true;
        }
        case "prepay":
          if (action.amountFen > PREPAY_LIMIT_FEN)
            problem = message("problem.prepay-limit", { limitYuan: PREPAY_LIMIT_FEN / 100 });
          else {
            prepayFen = action.amountFen;
            problem = null;
          }
          context.changed();
          return true;
        case "confirm-amount": {
          const wanted = due();
          if (dueTotalFen(wanted) === 0) {
            problem = message("problem.nothing-selected");
            context.changed();
            return true;
          }
          answers.due = wanted;
          context.outcome("confirmed", { "due.totalFen": dueTotalFen(wanted) });
          return true;
        }
        default:
          return false;
      }
    },
  };
}
