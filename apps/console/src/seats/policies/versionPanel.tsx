import type { RoutingPolicy } from "@gridhall/domain/routing/policy.ts";
import type { PolicyRow } from "@gridhall/domain/seats/api.ts";
import { Button } from "antd";
import { useWords } from "../../i18n/language.tsx";
import { Panel } from "../../parts/page.tsx";
import { Nothing } from "../../parts/states.tsx";
import { at } from "../chinaTime.ts";
import { StandingTag } from "./policiesPage.tsx";
import { matchText, periodText, standingOf } from "./policyWords.ts";
import type { Choices } from "./useNames.ts";

/** Every version that was published, newest first. An old one is taken back by publishing it again. */
export function VersionPanel({
  versions,
  choices,
  nowMs,
  onTake,
}: {
  versions: readonly PolicyRow[];
  choices: Choices;
  nowMs: number;
  onTake(policy: RoutingPolicy): void;
}) {
  const words = useWords();
  const { t, code } = words;
  return (
    <Panel title={t("versions.title")}>
      {versions.length === 0 ? <Nothing title={t("versions.none")} /> : null}
      <ol className="notes" data-testid="versions">
        {versions.map((row) => (
          <li key={row.policy.version}>
            <div className="by">
              <span>
                <b>v{row.policy.version}</b> <StandingTag standing={standingOf(row, nowMs)} />
              </span>
              <span className="figure">
                {at(row.publishedMs)} {row.publishedBy === "system" ? t("policy.system") : row.publishedBy}
              </span>
            </div>
            <div>
              {t("versions.line", {
                priority: row.policy.priority,
                steps: row.policy.steps.length,
                ending: code("ending", row.policy.ending),
              })}
            </div>
            <div className="faint">{matchText(row.policy.match, choices.names, words)}</div>
            <div className="faint">{periodText(row.policy, words)}</div>
            <Button size="small" type="link" onClick={() => onTake(row.policy)}>
              {t("versions.take")}
            </Button>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
