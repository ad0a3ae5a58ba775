import type { SharedItem } from "@gridhall/domain/seats/assist.ts";
import type { DeskCall } from "@gridhall/domain/seats/desk.ts";
import { Button, Input, Select } from "antd";
import { useState } from "react";
import { useWords } from "../../i18n/language.tsx";
import { desk } from "../link/desk.ts";
import { hasGaps, LIBRARY } from "./library.ts";

const NOTE = "note";
const LONGEST = 2_000;

/** Lays a text on the customer's screen: one of the library, as it is or adapted, or the agent's own. */
export function SharePanel({ call }: { call: DeskCall }) {
  const { t, code, pick } = useWords();
  const english = (call.journey?.language ?? call.caller.language).startsWith("en");
  const [itemId, setItemId] = useState(LIBRARY[0]?.itemId ?? NOTE);
  const item = LIBRARY.find((one) => one.itemId === itemId) ?? null;
  const original = item ? (english ? item.body.en : item.body.zh) : "";
  const [edited, setEdited] = useState<string | null>(null);
  const [problem, setProblem] = useState<"empty" | "gaps" | null>(null);
  const body = edited ?? original;
  const send = () => {
    const text = body.trim();
    const wrong = text === "" ? "empty" : hasGaps(text) ? "gaps" : null;
    setProblem(wrong);
    if (wrong) return;
    const shared: SharedItem = {
      itemId,
      kind: item?.kind ?? "note",
      title: item?.title ?? { zh: "坐席留言", en: "A note for you" },
      // What the agent wrote stands in the language in which they wrote it, whichever the page is shown in.
      body: item && edited === null ? item.body : { zh: text, en: text },
    };
    desk.order({ type: "share", callId: call.callId, item: shared });
  };
  return (
    <div className="share">
      <Select
        value={itemId}
        aria-label={t("share.what")}
        onChange={(next) => {
          setItemId(next);
          setEdited(null);
          setProblem(null);
        }}
        options={[
          ...LIBRARY.map((one) => ({
            value: one.itemId,
            label: `${code("share-kind", one.kind)} · ${pick(one.title.zh, one.title.en)}`,
          })),
          { value: NOTE, label: t("share.own-note") },
        ]}
        data-testid="share-what"
      />
      <Input.TextArea
        value={body}
        rows={11}
        maxLength={LONGEST}
        status={problem ? "error" : ""}
        aria-label={t("share.text")}
        placeholder={t("share.note-hint")}
        onChange={(event) => {
          setEdited(event.target.value);
          setProblem(null);
        }}
        data-testid="share-text"
      />
      {problem ? (
        <p className="field-problem" role="alert">
          {t(`share.problem-${problem}`)}
        </p>
      ) : (
        <p className="faint">{t(english ? "share.in-english" : "share.in-chinese")}</p>
      )}
      <div className="buttons">
        <Button type="primary" onClick={send} data-testid="share-send">
          {t("share.send")}
        </Button>
        {edited === null || !item ? null : <Button onClick={() => setEdited(null)}>{t("share.reset")}</Button>}
        {call.shared ? (
          <Button
            onClick={() => desk.order({ type: "share", callId: call.callId, item: null })}
            data-testid="share-take-back"
          >
            {t("share.take-back")}
          </Button>
        ) : null}
      </div>
      {call.shared ? (
        <p className="shared-now" role="status" data-testid="shared-now">
          {t("share.shown-now", { title: pick(call.shared.title.zh, call.shared.title.en) })}
        </p>
      ) : null}
    </div>
  );
}
