import { MESSAGE_TOPICS, type MessageTopic } from "@gridhall/domain/seats/callView.ts";
import { grouped } from "@gridhall/ui/format.ts";
import { type ReactNode, useState } from "react";
import { useKiosk, useWords } from "../context.ts";
import { Button } from "../parts/button.tsx";
import { Keypad } from "../parts/keypad.tsx";
import { Problem } from "../parts/notices.tsx";
import { ScrollArea } from "../parts/scrollArea.tsx";
import { CallHeading } from "./heading.tsx";

/** A landline with its area code may have twelve digits. */
const MOST_DIGITS = 12;
const FEWEST_DIGITS = 10;

export function CallbackForm({ problem }: { problem: string | null }) {
  const { act } = useKiosk();
  const { t } = useWords();
  const [phone, setPhone] = useState("");
  return (
    <PhoneEntry title={t("call.callback-title")} phone={phone} problem={problem} onChange={setPhone}>
      <Button action="call-end" testId="call-end" onPress={() => act({ type: "call-end" })}>
        {t("call.leave-form")}
      </Button>
      <Button
        action="call-send-callback"
        testId="call-send-callback"
        tone="primary"
        off={phone.length < FEWEST_DIGITS}
        onPress={() => act({ type: "call-callback", phone })}
      >
        {t("call.send")}
      </Button>
    </PhoneEntry>
  );
}

/** A topic is chosen, not typed; a number may be left, need not. */
export function MessageForm({ problem }: { problem: string | null }) {
  const { act } = useKiosk();
  const { t } = useWords();
  const [topic, setTopic] = useState<MessageTopic | null>(null);
  const [phone, setPhone] = useState("");
  if (topic === null)
    return (
      <div className="call-sheet">
        <ScrollArea>
          <div className="call-words">
            <CallHeading text={t("call.message-title")} />
            <Said problem={problem} />
            <div className="call-topics">
              {MESSAGE_TOPICS.map((name) => (
                <Button
                  key={name}
                  action={`call-topic:${name}`}
                  testId={`call-topic-${name}`}
                  onPress={() => setTopic(name)}
                >
                  {t(`call.topic-${name}`)}
                </Button>
              ))}
            </div>
          </div>
        </ScrollArea>
        <div className="actions">
          <Button action="call-end" testId="call-end" onPress={() => act({ type: "call-end" })}>
            {t("call.leave-form")}
          </Button>
        </div>
      </div>
    );
  return (
    <PhoneEntry title={t("call.message-phone-title")} phone={phone} problem={problem} onChange={setPhone}>
      <Button action="call-topics" testId="call-topics" onPress={() => setTopic(null)}>
        {t("call.back-to-topics")}
      </Button>
      <Button
        action="call-send-message"
        testId="call-send-message"
        tone="primary"
        off={phone !== "" && phone.length < FEWEST_DIGITS}
        onPress={() => act({ type: "call-message", topic, phone: phone === "" ? null : phone })}
      >
        {t(phone === "" ? "call.send-without-phone" : "call.send")}
      </Button>
    </PhoneEntry>
  );
}

function PhoneEntry({
  title,
  phone,
  problem,
  onChange,
  children,
}: {
  title: string;
  phone: string;
  problem: string | null;
  onChange: (phone: string) => void;
  children: ReactNode;
}) {
  const { t } = useWords();
  return (
    <div className="call-phone">
      <div className="call-words">
        <CallHeading text={title} />
        <p className="muted">{t("call.callback-hint")}</p>
        <div
          className="digits tabular"
          role="status"
          data-testid="call-digits"
          data-sensitive="typed"
          aria-label={phone === "" ? t("call.digits-none") : t("call.digits", { digits: phone.split("").join(" ") })}
        >
          <span aria-hidden="true">
            {grouped(phone, phone.startsWith("0") ? [4, 4, 4] : [3, 4, 4, 1])}
            <i className="caret" />
          </span>
        </div>
        <Said problem={problem} />
      </div>
      <Keypad value={phone} maxDigits={MOST_DIGITS} onChange={onChange} />
      <div className="actions">{children}</div>
    </div>
  );
}

function Said({ problem }: { problem: string | null }) {
  return <Problem problem={problem === null ? null : { key: problem, params: {} }} />;
}
