import { Table, type TableColumnsType } from "antd";
import type { KeyboardEvent } from "react";
import { useFreshRows } from "../api/live.ts";
import { useWords } from "../i18n/language.tsx";
import { Nothing } from "./states.tsx";

/** Moves to the neighbouring row with the arrow keys. */
function step(event: KeyboardEvent<HTMLElement>, open: (() => void) | undefined): void {
  const row = event.currentTarget;
  if (event.target !== row) return;
  if (event.key === "Enter" && open) {
    event.preventDefault();
    open();
  }
  const next =
    event.key === "ArrowDown" ? row.nextElementSibling : event.key === "ArrowUp" ? row.previousElementSibling : null;
  if (next instanceof HTMLElement && next.dataset["row"] !== undefined) {
    event.preventDefault();
    next.focus();
  }
}

/** A list of rows: Tab and arrows walk, Enter or a click opens; a row that just changed glows for a moment. */
export function RowTable<Row extends object>({
  label,
  rows,
  idOf,
  columns,
  open,
  loading = false,
  emptyTitle,
  emptyHint,
  sticky = false,
}: {
  label: string;
  rows: readonly Row[];
  idOf(row: Row): string;
  columns: TableColumnsType<Row>;
  open?: (row: Row) => void;
  loading?: boolean;
  emptyTitle?: string;
  emptyHint?: string;
  sticky?: boolean;
}) {
  const { t } = useWords();
  const fresh = useFreshRows();
  return (
    <Table<Row>
      aria-label={label}
      size="small"
      className="rows"
      dataSource={[...rows]}
      columns={columns}
      rowKey={idOf}
      loading={loading}
      pagination={false}
      sticky={sticky ? { offsetHeader: 0 } : false}
      rowClassName={(row) => `${open ? "opens" : ""} ${fresh.has(idOf(row)) ? "changed" : ""}`}
      onRow={(row) => ({
        "data-row": idOf(row),
        ...(open
          ? {
              tabIndex: 0,
              onClick: (event) => {
                if (event.target instanceof Element && event.target.closest("a,button") === null) open(row);
              },
              onKeyDown: (event: KeyboardEvent<HTMLElement>) => step(event, () => open(row)),
            }
          : {}),
      })}
      locale={{
        emptyText:
          emptyHint === "" ? (
            <span className="faint">{emptyTitle ?? t("list.empty")}</span>
          ) : (
            <Nothing title={emptyTitle ?? t("list.empty")} hint={emptyHint ?? t("list.empty-hint")} />
          ),
      }}
    />
  );
}
