import type { Permission } from "@gridhall/domain/staff/roles.ts";
import { Button, Empty, Result, Skeleton } from "antd";
import type { ReactNode } from "react";
import { RequestError } from "../api/request.ts";
import { useWords, type Words } from "../i18n/language.tsx";
import { useMe } from "../shell/me.ts";
import { clock } from "./format.ts";

/** What went wrong, in the reader's language: by code where the dictionary knows it, else the centre's own sentence. */
export function sentenceOf(error: unknown, { code, t }: Pick<Words, "code" | "t">): string {
  if (!(error instanceof RequestError)) return t("error.internal");
  if (error.code === "auth.locked" && error.until !== null)
    return t("error.auth.locked-until", { time: clock(error.until).slice(11, 16) });
  const known = code("error", error.code);
  if (known !== error.code) return known;
  if (error.status === 429) return t("error.too-many");
  return error.message || t("error.internal");
}

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const words = useWords();
  if (error instanceof RequestError && error.code === "auth.no-permission")
    return <NoPermission permission={error.permission ?? ""} />;
  const missing = error instanceof RequestError && error.status === 404;
  return (
    <div role="alert">
      <Result
        status={missing ? "info" : "warning"}
        title={<h1>{missing ? sentenceOf(error, words) : words.t("error.title")}</h1>}
        subTitle={missing ? words.t("error.not-found-hint") : sentenceOf(error, words)}
        extra={retry && !missing ? <Button onClick={retry}>{words.t("error.retry")}</Button> : null}
      />
    </div>
  );
}

export function NoPermission({ permission }: { permission: string }) {
  const { t, code } = useWords();
  return (
    <Result
      status="info"
      title={<h1>{t("error.no-permission-title")}</h1>}
      subTitle={t("error.no-permission-hint", { permission: code("permission", permission) })}
    />
  );
}

/** Shows its children only to those who may see them. The centre refuses by itself; this only says so sooner. */
export function Needs({ permission, children }: { permission: Permission; children: ReactNode }) {
  return useMe().permissions.includes(permission) ? children : <NoPermission permission={permission} />;
}

export function Nothing({ title, hint }: { title: string; hint?: string }) {
  return (
    <Empty
      image={Empty.PRESENTED_IMAGE_SIMPLE}
      description={
        <>
          <div className="nothing">{title}</div>
          {hint === undefined ? null : <div className="faint">{hint}</div>}
        </>
      }
    />
  );
}

/** The three ends of one read: failed, under way, here. */
export function Loaded<T>({
  query,
  children,
}: {
  query: { data: T | undefined; error: unknown; refetch(): unknown };
  children: (data: T) => ReactNode;
}) {
  const { t } = useWords();
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return (
    <div className="panel" aria-busy="true" aria-label={t("list.loading")} role="status">
      <Skeleton active paragraph={{ rows: 8 }} />
    </div>
  );
}
