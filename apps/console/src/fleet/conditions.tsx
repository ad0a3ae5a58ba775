import { Tag } from "antd";
import { useWords, type Words } from "../i18n/language.tsx";

/** `receiptPrinter:paper-low` → `凭条打印机 纸将用完`. */
export function conditionText(condition: string, { code, pick }: Pick<Words, "code" | "pick">): string {
  const [device = "", what = ""] = condition.split(":");
  // Doors say by themselves which one it is.
  return device === "door"
    ? code("condition", what)
    : `${code("device", device)}${pick(" ", ": ")}${code("condition", what)}`;
}

const GRAVE = new Set([
  "hardwareError",
  "fraudAttempt",
  "tampered",
  "safe",
  "paper-out",
  "stacker-full",
  "jam",
  "offline",
]);

export function Conditions({ conditions }: { conditions: readonly string[] }) {
  const words = useWords();
  if (conditions.length === 0) return <span className="faint">{words.t("none")}</span>;
  return (
    <span className="tags">
      {conditions.map((condition) => (
        <Tag key={condition} color={GRAVE.has(condition.split(":")[1] ?? "") ? "error" : "warning"}>
          {conditionText(condition, words)}
        </Tag>
      ))}
    </span>
  );
}
