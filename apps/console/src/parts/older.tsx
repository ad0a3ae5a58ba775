import { Button } from "antd";
import { useWords } from "../i18n/language.tsx";

export const PAGE_ROWS = 100;

/** Below a list that may go on: reads further back. */
export function Older({ shown, limit, max, onMore }: { shown: number; limit: number; max: number; onMore(): void }) {
  const { t } = useWords();
  if (shown < limit || limit >= max) return null;
  return (
    <div className="older">
      <Button onClick={onMore}>{t("list.more")}</Button>
    </div>
  );
}
