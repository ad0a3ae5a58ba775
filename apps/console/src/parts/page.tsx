import { ArrowLeftOutlined } from "@ant-design/icons";
import { Link, type LinkProps } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { useWords } from "../i18n/language.tsx";

/** A page: its heading, what can be done on it, and its content. `name` is the stable hook of the end-to-end tests. */
export function Page({
  name,
  title,
  back,
  tags,
  actions,
  children,
}: {
  name: string;
  title: string;
  back?: { to: LinkProps["to"]; label: string };
  tags?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useWords();
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title, t]);
  return (
    <div className="page" data-page={name}>
      <div className="page-head">
        {back?.to === undefined ? null : (
          <Link to={back.to} className="back" aria-label={back.label} title={back.label}>
            <ArrowLeftOutlined />
          </Link>
        )}
        <h1>{title}</h1>
        {tags}
        <span className="spread" />
        {actions}
      </div>
      {children}
    </div>
  );
}

export function Panel({
  title,
  extra,
  children,
  flush = false,
}: {
  title?: string;
  extra?: ReactNode;
  children: ReactNode;
  flush?: boolean;
}) {
  return (
    <section className={flush ? "panel flush" : "panel"} aria-label={title}>
      {title === undefined ? null : (
        <div className="panel-head">
          <h2>{title}</h2>
          <span className="spread" />
          {extra}
        </div>
      )}
      {children}
    </section>
  );
}

/** Facts by name, in as many columns as fit. */
export function Facts({ facts }: { facts: readonly { label: string; value: ReactNode }[] }) {
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
