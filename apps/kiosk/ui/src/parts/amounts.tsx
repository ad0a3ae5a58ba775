import { money } from "@gridhall/ui/format.ts";
import type { ReactNode } from "react";

/** An amount of money with a name that tests and remote help find it by. */
export function Amount({ name, fen, className = "" }: { name: string; fen: number; className?: string }) {
  return (
    <span className={`amount ${className}`} data-amount={name} data-fen={fen} data-help-id={`amount:${name}`}>
      {money(fen)}
    </span>
  );
}

export function Figure({
  label,
  tone = "plain",
  children,
  note,
}: {
  label: string;
  tone?: "plain" | "due" | "good";
  children: ReactNode;
  note?: ReactNode;
}) {
  return (
    <div className={`figure figure-${tone}`}>
      <span className="figure-label">{label}</span>
      <span className="figure-value">{children}</span>
      {note !== undefined && <span className="figure-note">{note}</span>}
    </div>
  );
}

export interface Fact {
  label: string;
  value: ReactNode;
}

/** Names and their values, one a line. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
