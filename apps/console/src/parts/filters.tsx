import { ClearOutlined, DownloadOutlined, ReloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, DatePicker, Input, Select, TreeSelect } from "antd";
import dayjs from "dayjs";
import { type ReactNode, useState } from "react";
import { queries } from "../api/queries.ts";
import { address, type Query } from "../api/request.ts";
import { useWords } from "../i18n/language.tsx";
import { useMay } from "../shell/me.ts";

export type Search = Partial<Record<string, string>>;

/** The filters of the list on screen. They live in the address, so that every view can be sent to a colleague. */
export function useFilters<Key extends string>(
  keys: readonly Key[],
): {
  values: Partial<Record<Key, string>>;
  set(key: Key, value: string | undefined): void;
  setMany(filters: Partial<Record<Key, string>>): void;
  clear(): void;
} {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const values: Partial<Record<Key, string>> = {};
  for (const key of keys) {
    const value = search[key];
    if (value !== undefined && value !== "") values[key] = value;
  }
  const go = (next: Search) => void navigate({ to: ".", search: next, replace: true });
  return {
    values,
    set: (key, value) => {
      const next: Search = { ...values };
      if (value === undefined || value === "") delete next[key];
      else next[key] = value;
      go(next);
    },
    setMany: (filters) => go({ ...values, ...filters }),
    clear: () => go({}),
  };
}

interface Field {
  label: string;
  value: string | undefined;
  onChange(value: string | undefined): void;
}

/** Text that counts when Enter is pressed or the field is left; `immediate`: with every key. */
export function TextFilter({
  label,
  value,
  onChange,
  immediate = false,
  wide = false,
}: Field & { immediate?: boolean; wide?: boolean }) {
  const [draft, setDraft] = useState(value ?? "");
  const [shown, setShown] = useState(value);
  if (shown !== value) {
    setShown(value);
    setDraft(value ?? "");
  }
  const commit = (text: string) => {
    if (text.trim() !== (value ?? "")) onChange(text.trim() || undefined);
  };
  return (
    <Input
      className={wide ? "filter wide" : "filter"}
      aria-label={label}
      placeholder={label}
      allowClear
      value={draft}
      onChange={(event) => {
        setDraft(event.target.value);
        if (immediate || event.target.value === "") commit(event.target.value);
      }}
      onPressEnter={() => commit(draft)}
      onBlur={() => commit(draft)}
    />
  );
}

export function ChoiceFilter({
  label,
  value,
  onChange,
  options,
}: Field & { options: { value: string; label: string }[] }) {
  return (
    <Select
      className="filter"
      aria-label={label}
      placeholder={label}
      allowClear
      value={value ?? null}
      onChange={(next: string | null | undefined) => onChange(next ?? undefined)}
      options={options}
    />
  );
}

export function DayFilter({ label, value, onChange }: Field) {
  return (
    <DatePicker
      className="filter"
      aria-label={label}
      placeholder={label}
      value={value === undefined ? null : dayjs(value)}
      onChange={(next) => onChange(next ? next.format("YYYY-MM-DD") : undefined)}
    />
  );
}

interface UnitNode {
  value: string;
  title: string;
  children: UnitNode[];
}

/** The tree of units that the viewer may see; absent where units are not theirs to read. */
export function UnitFilter({ value, onChange }: Omit<Field, "label">) {
  const { t, pick } = useWords();
  const may = useMay("fleet.read");
  const { data = [] } = useQuery({ ...queries.units(), enabled: may });
  if (!may || data.length < 2) return null;
  const nodes = new Map<string, UnitNode>();
  const roots: UnitNode[] = [];
  for (const unit of data) {
    const node: UnitNode = { value: unit.path, title: pick(unit.nameZh, unit.nameEn), children: [] };
    nodes.set(unit.path, node);
    const parent = nodes.get(unit.path.slice(0, unit.path.lastIndexOf(".")));
    (parent?.children ?? roots).push(node);
  }
  return (
    <TreeSelect
      className="filter wide"
      aria-label={t("filter.unit")}
      placeholder={t("filter.unit")}
      allowClear
      showSearch={{ treeNodeFilterProp: "title" }}
      treeDefaultExpandAll
      treeData={roots}
      value={value ?? null}
      onChange={(next: string | null | undefined) => onChange(next ?? undefined)}
    />
  );
}

/** One line above a list: its filters, and what can be done with the whole list. */
export function FilterBar({
  children,
  onClear,
  csv,
  onRefresh,
  note,
}: {
  children: ReactNode;
  onClear?: (() => void) | undefined;
  /** Where the list comes as CSV, with the same filters. */
  csv?: { path: string; query: Query };
  onRefresh?: () => void;
  note?: string | undefined;
}) {
  const { t } = useWords();
  return (
    <div className="filters" role="search">
      {children}
      {onClear ? (
        <Button type="text" icon={<ClearOutlined />} onClick={onClear}>
          {t("list.clear")}
        </Button>
      ) : null}
      <span className="spread" />
      {note === undefined ? null : <span className="faint figure">{note}</span>}
      {onRefresh ? (
        <Button icon={<ReloadOutlined />} onClick={onRefresh}>
          {t("list.refresh")}
        </Button>
      ) : null}
      {csv ? (
        <Button icon={<DownloadOutlined />} href={address(csv.path, { ...csv.query, format: "csv" })} download>
          {t("list.export")}
        </Button>
      ) : null}
    </div>
  );
}
