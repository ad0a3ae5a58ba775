import type { AccountBrief } from "@gridhall/domain/backoffice/api.ts";
import { grouped } from "@gridhall/ui/format.ts";
import { useWords } from "../context.ts";

/** Who pays: number, masked holder and address, so that the customer sees it is the right one. */
export function AccountLine({ account }: { account: AccountBrief }) {
  const { t } = useWords();
  return (
    <span className="account-line" data-account={account.accountNo} data-help-id="account">
      <span className="account-number">
        {t("account.number")} <b className="tabular">{grouped(account.accountNo, [4, 4, 5])}</b>
        <span className="chip">{t(`account.kind-${account.kind}`)}</span>
      </span>
      <span className="account-holder" data-sensitive="person">
        {account.holderMasked} · {account.addressMasked}
      </span>
    </span>
  );
}
