import { CheckCircleFilled, CloseCircleFilled, WarningFilled } from "@ant-design/icons";
import type { PolicyFault } from "@gridhall/domain/routing/fault.ts";
import { useWords } from "../../i18n/language.tsx";
import type { WritingFault } from "./edited.ts";
import { pathText } from "./policyWords.ts";

/** What is wrong with the draft, where, and what to do about it. */
export function FaultList({
  faults,
  written,
  judging,
}: {
  faults: readonly PolicyFault[];
  written: readonly WritingFault[];
  judging: boolean;
}) {
  const words = useWords();
  const { t, pick, code } = words;
  if (faults.length + written.length === 0)
    return (
      <p className={judging ? "faint" : "better"} data-testid="faults" data-faults={judging ? "judging" : "none"}>
        {judging ? null : <CheckCircleFilled />} {t(judging ? "policy.judging" : "policy.no-faults")}
      </p>
    );
  const sorted = faults.toSorted((a, b) => (a.severity === b.severity ? 0 : a.severity === "error" ? -1 : 1));
  return (
    <ul className="fault-list" data-testid="faults" data-faults={faults.length + written.length}>
      {written.map((fault) => (
        <li key={fault.path.join(".")} className="wrong">
          <CloseCircleFilled /> <b>{pathText(fault.path, words)}</b>{" "}
          {fault.path[2] === "skills"
            ? t("policy.skills-unread")
            : code("writing", String(fault.path[0])) === String(fault.path[0])
              ? fault.text
              : code("writing", String(fault.path[0]))}
        </li>
      ))}
      {sorted.map((fault) => (
        <li
          key={`${fault.code} ${fault.path.join(".")} ${fault.detail}`}
          className={fault.severity === "error" ? "wrong" : "doubtful"}
        >
          {fault.severity === "error" ? <CloseCircleFilled /> : <WarningFilled />} <b>{pathText(fault.path, words)}</b>{" "}
          {pick(fault.remedy.zh, fault.remedy.en)}
          {fault.detail === "" ? null : <span className="faint"> ({fault.detail})</span>}
        </li>
      ))}
    </ul>
  );
}
