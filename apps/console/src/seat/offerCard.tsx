import { PhoneOutlined, SwapOutlined, UsergroupAddOutlined } from "@ant-design/icons";
import type { DeskOffer } from "@gridhall/domain/seats/desk.ts";
import { useQuery } from "@tanstack/react-query";
import { Button, Dropdown, Tooltip } from "antd";
import { useState } from "react";
import { useWords } from "../i18n/language.tsx";
import { callerFacts } from "./callerFacts.ts";
import { reasonInWords } from "./call/reasonWords.ts";
import { keyOf } from "./keyboard.ts";
import { desk, useCentreNow } from "./link/desk.ts";
import { stopwatch } from "./seatTime.ts";
import { seatQueries } from "./seatQueries.ts";
import { useKeys } from "./useKeys.ts";

const REASONS = ["busy-elsewhere", "equipment", "not-my-field", "leaving"] as const;
const ICONS = { call: <PhoneOutlined />, transfer: <SwapOutlined />, invitation: <UsergroupAddOutlined /> };

/** A call that rings here. Transfers and invitations look different and name the colleague who asks. */
export function OfferCard({ offer }: { offer: DeskOffer }) {
  const words = useWords();
  const { t, code, pick } = words;
  const now = useCentreNow(250);
  const [firstMs] = useState(now);
  const [answered, setAnswered] = useState(false);
  const [refusing, setRefusing] = useState(false);
  const directory = useQuery(seatQueries.directory()).data ?? null;
  const { callId, callEpoch, kind, caller } = offer;
  const leftMs = Math.max(0, offer.expiresMs - now);
  const wholeMs = Math.max(1, offer.expiresMs - firstMs);
  const answer = (order: Parameters<typeof desk.order>[0]) => {
    if (desk.order(order)) setAnswered(true);
  };
  const accept = () => answer({ type: "accept", callId, callEpoch });
  useKeys({ accept, refuse: () => setRefusing(true) });
  const reason = kind === "call" ? reasonInWords(caller.reason, directory, words) : null;
  return (
    <section
      className={`offer by-${kind}`}
      data-testid="offer-card"
      data-kind={kind}
      role="alertdialog"
      aria-modal="false"
      aria-label={t(`offer.title-${kind}`)}
    >
      <div className="offer-icon" aria-hidden="true">
        {ICONS[kind]}
      </div>
      <div className="offer-who">
        <p className="offer-kind">
          {t(`offer.title-${kind}`)}
          {offer.fromName === null ? null : (
            <b>
              {" "}
              ·{" "}
              {t(`offer.from-${kind === "call" ? "transfer" : kind}`, {
                name: pick(offer.fromName.zh, offer.fromName.en),
              })}
            </b>
          )}
        </p>
        <h1>
          {pick(caller.hallZh, caller.hallEn)} <span>{pick(caller.kioskZh, caller.kioskEn)}</span>
        </h1>
        <dl className="offer-facts">
          {callerFacts(caller, words).map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          <div>
            <dt>{t("offer.waited")}</dt>
            <dd className="figure">{stopwatch(offer.waitedMs + (now - firstMs))}</dd>
          </div>
        </dl>
        {reason ? <p className="faint">{t("offer.why", { why: reason.why })}</p> : null}
      </div>
      <div className="offer-time" role="timer" aria-label={t("offer.left")}>
        <b className="figure">{Math.ceil(leftMs / 1000)}</b>
        <span>{t("offer.seconds-left")}</span>
        <i aria-hidden="true">
          <i style={{ width: `${(100 * leftMs) / wholeMs}%` }} />
        </i>
      </div>
      <div className="offer-buttons">
        <Tooltip title={keyOf("accept")}>
          <Button
            type="primary"
            size="large"
            icon={<PhoneOutlined />}
            loading={answered}
            onClick={accept}
            data-testid="offer-accept"
          >
            {t(kind === "invitation" ? "offer.join" : "offer.accept")} <kbd>{keyOf("accept")}</kbd>
          </Button>
        </Tooltip>
        <Dropdown
          trigger={["click"]}
          open={refusing}
          onOpenChange={setRefusing}
          autoFocus
          menu={{
            items: REASONS.map((one) => ({ key: one, label: code("refuse", one), "data-testid": `refuse-${one}` })),
            onClick: ({ key }) => answer({ type: "refuse", callId, callEpoch, reason: key }),
          }}
        >
          <Button size="large" danger disabled={answered} data-testid="offer-refuse">
            {t("offer.refuse")} <kbd>{keyOf("refuse")}</kbd>
          </Button>
        </Dropdown>
      </div>
    </section>
  );
}
