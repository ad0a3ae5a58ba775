import type { PageKind } from "@gridhall/domain/catalogue/schema.ts";
import type { PageFactory } from "./page.ts";
import { accountPage, billPage, billsPage, chooseAccountPage, paymentsPage } from "./pages/account.ts";
import { amountPage } from "./pages/amount.ts";
import { findAccountPage } from "./pages/findAccount.ts";
import { changeNoticePage, methodPage } from "./pages/method.ts";
import { cashPage, resultPage, scanPage } from "./pages/pay.ts";

/** One controller a kind of page. */
export const pageFactories: Record<PageKind, PageFactory> = {
  "find-account": findAccountPage,
  "choose-account": chooseAccountPage,
  account: accountPage,
  bills: billsPage,
  bill: billPage,
  payments: paymentsPage,
  amount: amountPage,
  method: methodPage,
  "change-notice": changeNoticePage,
  cash: cashPage,
  scan: scanPage,
  result: resultPage,
};
