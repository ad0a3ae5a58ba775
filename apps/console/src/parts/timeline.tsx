import type { ReactNode } from "react";
import { clock } from "./format.ts";

export interface Moment {
  key: string;
  at: string;
  title: string;
  tone: "plain" | "money" | "bad" | "good";
  facts: readonly { label: string; value: string }[];
  aside?: ReactNode;
}

/** What happened, in order. The time of day stands first; the day only where it changes. */
export function Timeline({ moments }: { moments: readonly Moment[] }) {
  return (
    <ol className="timeline">
      {moments.map((moment, index) => {
        const [day = "", time = ""] = clock(moment.at).split(" ");
        const before = moments[index - 1];
        const newDay = before === undefined || clock(before.at).slice(0, 10) !== day;
        return (
          <li key={moment.key} className={moment.tone}>
            <time dateTime={moment.at} className="figure">
              {newDay ? <span className="day">{day}</span> : null}
              {time}
            </time>
            <div>
              <span className="what">{moment.title}</span>
              {moment.aside}
              {moment.facts.length === 0 ? null : (
                <span className="facts-line">
                  {moment.facts.map((fact) => (
                    <span key={fact.label}>
                      <i>{fact.label}</i> {fact.value}
                    </span>
                  ))}
                </span>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
