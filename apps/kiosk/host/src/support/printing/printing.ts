import type { BillView } from "@gridhall/domain/backoffice/api.ts";
import type { PrintState } from "@gridhall/domain/kiosk/view.ts";
import { type PagePort, PrintError, type PrintProblem, type ReceiptPort } from "../../devices/ports.ts";
import { message } from "../../journeys/page.ts";
import { renderBillPdf } from "./billPdf.ts";
import { composeReceipt, type ReceiptPlace, type ReceiptRequest } from "./receipt.ts";

export interface Printing {
  /** Reports each state to `onState`, last `done` or `failed`; never rejects. */
  printReceipt(request: ReceiptRequest, signal: AbortSignal, onState: (state: PrintState) => void): Promise<void>;
  printBill(
    bill: BillView,
    language: "zh-CN" | "en",
    signal: AbortSignal,
    onState: (state: PrintState) => void,
  ): Promise<void>;
}

const PRINT_TIMEOUT_MS = 60_000;
/** How long the screen says "please take your paper" where the printer cannot tell that it was taken. */
const TAKE_MS = 4_000;

export function createPrinting(
  ports: { receipt: ReceiptPort | null; page: PagePort | null },
  place: ReceiptPlace,
): Printing {
  const run = async (
    what: "receipt" | "bill",
    port: ReceiptPort | PagePort | null,
    onState: (state: PrintState) => void,
    work: (signal: AbortSignal) => Promise<void>,
  ) => {
    const failed = (problem: PrintProblem) =>
      onState({ state: "failed", what, reason: message(`problem.printer-${problem}`) });
    const ready = port?.canPrint() ?? { ok: false as const, problem: "offline" as const };
    if (!port || !ready.ok) return failed(ready.ok ? "offline" : ready.problem);
    onState({ state: "printing", what });
    try {
      // Paper that is on its way out is not called back when the customer leaves the page.
      await work(AbortSignal.timeout(PRINT_TIMEOUT_MS));
    } catch (cause) {
      return failed(cause instanceof PrintError ? cause.problem : "offline");
    }
    onState({ state: "take", what });
    await new Promise<void>((done) => {
      const stop = port.onMediaTaken(finish);
      const timer = setTimeout(finish, TAKE_MS);
      function finish() {
        stop();
        clearTimeout(timer);
        done();
      }
    });
    onState({ state: "done", what });
  };
  return {
    printReceipt: (request, _signal, onState) =>
      run("receipt", ports.receipt, onState, async (until) =>
        ports.receipt?.print(composeReceipt(request, place), until),
      ),
    printBill: (bill, language, _signal, onState) =>
      run("bill", ports.page, onState, async (until) => {
        const pdf = await renderBillPdf(bill, language);
        await ports.page?.print(pdf, `${bill.accountNo}-${bill.month}`, until);
      }),
  };
}
