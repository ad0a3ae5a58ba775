import type { Message, PrintState } from "@gridhall/domain/kiosk/view.ts";
import { useKiosk, useWords } from "../context.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

/** What went wrong and what to do, said at once. The room for it is there before it is needed only where asked. */
export function Problem({ problem }: { problem: Message | null }) {
  const { say } = useWords();
  return (
    <div role="alert" className="problem-slot">
      {problem && (
        <p className="notice notice-problem" data-problem={problem.key}>
          <Icon name="warning" />
          <span>{say(problem)}</span>
        </p>
      )}
    </div>
  );
}

/** A question to the centre that failed, and the way to ask it again. */
export function FailedQuestion({ problem }: { problem: Message | null }) {
  const { act } = useKiosk();
  const { t, say } = useWords();
  return (
    <div role="alert" className="problem-slot">
      {problem && (
        <div className="notice notice-problem notice-retry" data-problem={problem.key}>
          <Icon name="warning" />
          <span>{say(problem)}</span>
          <Button action="retry" onPress={() => act({ type: "retry" })}>
            {t("frame.retry")}
          </Button>
        </div>
      )}
    </div>
  );
}

/** What the printer is doing, always said (design §9). */
export function Printing({ print }: { print: PrintState }) {
  const { t, say } = useWords();
  const text = () => {
    switch (print.state) {
      case "idle":
        return null;
      case "printing":
      case "take":
      case "done":
        return t(`print.${print.state}-${print.what}`);
      case "failed":
        return `${t(`print.failed-${print.what}`)} · ${say(print.reason)}`;
      default:
        return print satisfies never;
    }
  };
  const said = text();
  return (
    <div role="status" data-print={print.state}>
      {said !== null && (
        <p className={`notice ${print.state === "failed" ? "notice-problem" : "notice-doing"}`}>
          <Icon
            name={print.state === "failed" ? "warning" : "printer"}
            className={print.state === "printing" ? "pulsing" : ""}
          />
          <span>{said}</span>
        </p>
      )}
    </div>
  );
}
