import type { Screen } from "@gridhall/domain/kiosk/view.ts";
import { AccountPage } from "./account.tsx";
import { AmountPage } from "./amount.tsx";
import { BillPage } from "./bill.tsx";
import { BillsPage } from "./bills.tsx";
import { CashPage } from "./cash.tsx";
import { ChangeNoticePage } from "./changeNotice.tsx";
import { ChooseAccountPage } from "./chooseAccount.tsx";
import { FindAccountPage } from "./findAccount.tsx";
import { HomePage } from "./home.tsx";
import { MethodPage } from "./method.tsx";
import { OutOfServicePage } from "./outOfService.tsx";
import { PaymentsPage } from "./payments.tsx";
import { RecoveryPage } from "./recovery.tsx";
import { ResultPage } from "./result.tsx";
import { ScanPage } from "./scan.tsx";

/** One component a kind of screen. Signage has no frame and is drawn by `Frame` itself. */
export function ScreenPage({ screen }: { screen: Screen }) {
  switch (screen.kind) {
    case "signage":
      return null;
    case "home":
      return <HomePage screen={screen} />;
    case "out-of-service":
      return <OutOfServicePage screen={screen} />;
    case "recovery":
      return <RecoveryPage screen={screen} />;
    case "find-account":
      return <FindAccountPage screen={screen} />;
    case "choose-account":
      return <ChooseAccountPage screen={screen} />;
    case "account":
      return <AccountPage screen={screen} />;
    case "bills":
      return <BillsPage screen={screen} />;
    case "bill":
      return <BillPage screen={screen} />;
    case "payments":
      return <PaymentsPage screen={screen} />;
    case "amount":
      return <AmountPage screen={screen} />;
    case "method":
      return <MethodPage screen={screen} />;
    case "change-notice":
      return <ChangeNoticePage screen={screen} />;
    case "cash":
      return <CashPage screen={screen} />;
    case "scan":
      return <ScanPage screen={screen} />;
    case "result":
      return <ResultPage screen={screen} />;
    default:
      return screen satisfies never;
  }
}
