import { Input } from "antd";
import { useWords } from "../../i18n/language.tsx";
import { readSkills } from "./edited.ts";

/** What a seat must be able to do, as text that is read with every key: `tariff>=3 and (mandarin>=5 or english>=5)`. */
export function SkillField({
  value,
  onChange,
  known,
}: {
  value: string;
  onChange(value: string): void;
  known: string[];
}) {
  const { t, code } = useWords();
  const parsed = readSkills(value);
  const rest = parsed.ok ? "" : value.slice(parsed.at, parsed.at + 12);
  return (
    <>
      <Input
        value={value}
        placeholder="billing>=3 and (mandarin>=5 or english>=5)"
        aria-label={t("field.skills")}
        status={parsed.ok ? "" : "error"}
        onChange={(event) => onChange(event.target.value)}
        className="skills-text"
        data-testid="step-skills"
        spellCheck={false}
      />
      {parsed.ok ? (
        <div className="small-print">
          {value.trim() === "" ? t("skills.any") : t("skills.known", { skills: known.join("  ") })}
        </div>
      ) : (
        <div className="small-print wrong" role="alert" data-testid="skills-error">
          {t("skills.error", {
            at: parsed.at + 1,
            rest: rest === "" ? t("skills.end") : `“${rest}”`,
            expected: code("skills-expected", parsed.expected),
          })}
        </div>
      )}
    </>
  );
}
