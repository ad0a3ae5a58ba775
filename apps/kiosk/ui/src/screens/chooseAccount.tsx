import { useKiosk, useWords } from "../context.ts";
import { AccountLine } from "../parts/accountCard.tsx";
import { Icon } from "../parts/icon.tsx";
import { FailedQuestion } from "../parts/notices.tsx";
import { Paged } from "../parts/paged.tsx";
import type { ScreenOf } from "./screenOf.ts";

export function ChooseAccountPage({ screen }: { screen: ScreenOf<"choose-account"> }) {
  const { act } = useKiosk();
  const { t } = useWords();
  return (
    <div className="screen filled listed">
      <p className="lead">{t("choose.hint", { count: screen.accounts.length })}</p>
      <FailedQuestion problem={screen.problem} />
      <Paged
        id="accounts"
        items={screen.accounts}
        keyOf={(account) => account.accountNo}
        render={(account) => (
          <button
            type="button"
            className="row row-account"
            data-action={`choose:${account.accountNo}`}
            data-help-id={`choose:${account.accountNo}`}
            onClick={() => act({ type: "choose", accountNo: account.accountNo })}
          >
            <AccountLine account={account} />
            <Icon name="right" />
          </button>
        )}
      />
    </div>
  );
}
