const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const GROUPS = ["", "万", "亿", "万亿"];

/**
 * The amount in Chinese capitals as banknotes, cheques and invoices write it (支付结算办法 附一 正确填写票据和结算凭证的基本规定).
 * `8640` → `捌拾陆元肆角整`, `100005` → `壹仟元零伍分`.
 */
export function chineseCapitals(amountFen: number | bigint): string {
  const fen = BigInt(amountFen);
  if (fen < 0n) return `负${chineseCapitals(-fen)}`;
  if (fen === 0n) return "零元整";
  const yuan = fen / 100n;
  const jiao = Number((fen / 10n) % 10n);
  const cent = Number(fen % 10n);
  let text = yuan > 0n ? `${wholePart(yuan)}元` : "";
  if (jiao === 0 && cent === 0) return `${text}整`;
  if (jiao > 0) text += `${DIGITS[jiao]}角`;
  else if (yuan > 0n) text += "零";
  // 角 as the last figure may be followed by 整 or not; banks write it, and so do we.
  return cent > 0 ? `${text}${DIGITS[cent]}分` : `${text}整`;
}

function wholePart(yuan: bigint): string {
  let rest = yuan;
  let text = "";
  let group = 0;
  let owesZero = false;
  while (rest > 0n) {
    const four = Number(rest % 10_000n);
    if (four === 0) owesZero = text !== "";
    else {
      const joint = owesZero || (text !== "" && lowGroupIsShort(yuan, group)) ? "零" : "";
      text = `${fourDigits(four)}${GROUPS[group] ?? ""}${joint}${text}`;
      owesZero = false;
    }
    rest /= 10_000n;
    group += 1;
  }
  return text;
}

/** True where the group below `group` has fewer than four figures: a 零 then stands between the two. */
function lowGroupIsShort(yuan: bigint, group: number): boolean {
  const below = Number((yuan / 10_000n ** BigInt(group - 1)) % 10_000n);
  return below < 1000;
}

function fourDigits(value: number): string {
  let text = "";
  let pendingZero = false;
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.floor(value / 10 ** place) % 10;
    if (digit === 0) pendingZero = text !== "";
    else {
      text += `${pendingZero ? "零" : ""}${DIGITS[digit]}${PLACES[place]}`;
      pendingZero = false;
    }
  }
  return text;
}
