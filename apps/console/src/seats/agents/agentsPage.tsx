import { PlusOutlined } from "@ant-design/icons";
import type { AgentRow, GroupRow, SeatDirectory } from "@gridhall/domain/seats/api.ts";
import { useQuery } from "@tanstack/react-query";
import { Button, type TableColumnsType, Tabs, Tag } from "antd";
import { useState } from "react";
import { useWords } from "../../i18n/language.tsx";
import { ChoiceFilter, FilterBar, TextFilter, useFilters } from "../../parts/filters.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { RowTable } from "../../parts/rowTable.tsx";
import { Loaded, Needs } from "../../parts/states.tsx";
import { seatQueries } from "../../seat/seatQueries.ts";
import { useChoices } from "../policies/useNames.ts";
import { AgentDialog } from "./agentDialog.tsx";
import { GroupDialog } from "./groupDialog.tsx";

export function AgentsPage() {
  const { t } = useWords();
  const { values, set } = useFilters(["tab", "group", "q"]);
  const directory = useQuery({ ...seatQueries.directory(), refetchInterval: 10_000 });
  return (
    <Needs permission="seats.manage">
      <Page name="agents" title={t("agents.title")}>
        <Loaded query={directory}>
          {(found) => (
            <Tabs
              activeKey={values.tab ?? "agents"}
              onChange={(tab) => set("tab", tab === "agents" ? undefined : tab)}
              items={[
                {
                  key: "agents",
                  label: t("agents.tab", { n: found.agents.length }),
                  children: <Agents directory={found} />,
                },
                {
                  key: "groups",
                  label: t("groups.tab", { n: found.groups.length }),
                  children: <Groups directory={found} />,
                },
              ]}
            />
          )}
        </Loaded>
      </Page>
    </Needs>
  );
}

function Agents({ directory }: { directory: SeatDirectory }) {
  const words = useWords();
  const { t, pick, code } = words;
  const { values, set, clear } = useFilters(["tab", "group", "q"]);
  const { names, groups } = useChoices();
  const [open, setOpen] = useState<AgentRow | "new" | null>(null);
  const wanted = values.q?.toLowerCase();
  const rows = directory.agents.filter(
    (agent) =>
      (values.group === undefined || agent.groups.some((group) => group === values.group)) &&
      (wanted === undefined ||
        [agent.login, agent.nameZh, agent.nameEn, agent.number].some((text) => text.toLowerCase().includes(wanted))),
  );
  const columns: TableColumnsType<AgentRow> = [
    {
      title: t("agents.number"),
      key: "number",
      width: 90,
      render: (_, agent) => <span className="figure">{agent.number}</span>,
    },
    {
      title: t("agents.name"),
      key: "name",
      render: (_, agent) => (
        <>
          <b>{pick(agent.nameZh, agent.nameEn)}</b>
          <span className="code">{agent.login}</span>
        </>
      ),
    },
    {
      title: t("agents.state"),
      key: "state",
      render: (_, agent) => {
        const { name } = agent.status.state;
        return (
          <Tag className="state" color={name === "ready" ? "success" : name === "offline" ? "default" : "processing"}>
            {code("seat-state", name)}
          </Tag>
        );
      },
    },
    {
      title: t("agents.groups"),
      key: "groups",
      render: (_, agent) =>
        agent.groups.length === 0 ? (
          <span className="worse">{t("agents.no-groups")}</span>
        ) : (
          <span className="tags">
            {agent.groups.map((group) => (
              <Tag key={group}>{names.group(group)}</Tag>
            ))}
          </span>
        ),
    },
    {
      title: t("agents.skills"),
      key: "skills",
      className: "wrap",
      render: (_, agent) => (
        <span className="tags">
          {Object.entries(agent.skills)
            .toSorted((a, b) => b[1] - a[1])
            .map(([skill, level]) => (
              <Tag key={skill} title={skill}>
                {names.skill(skill)} <b className="figure">{level}</b>
              </Tag>
            ))}
        </span>
      ),
    },
    { title: t("agents.unit"), key: "unit", render: (_, agent) => names.unit(agent.unitPath) },
  ];
  return (
    <Panel flush>
      <FilterBar onClear={values.group || values.q ? clear : undefined} note={t("list.count", { n: rows.length })}>
        <ChoiceFilter
          label={t("agents.groups")}
          value={values.group}
          onChange={(group) => set("group", group)}
          options={groups}
        />
        <TextFilter label={t("agents.search")} value={values.q} onChange={(q) => set("q", q)} immediate wide />
        <Button icon={<PlusOutlined />} onClick={() => setOpen("new")} data-testid="new-agent">
          {t("agents.new")}
        </Button>
      </FilterBar>
      <RowTable label={t("agents.title")} rows={rows} idOf={(agent) => agent.seatId} columns={columns} open={setOpen} />
      {open ? (
        <AgentDialog agent={open === "new" ? null : open} directory={directory} onClose={() => setOpen(null)} />
      ) : null}
    </Panel>
  );
}

function Groups({ directory }: { directory: SeatDirectory }) {
  const { t, pick } = useWords();
  const { names } = useChoices();
  const [open, setOpen] = useState<GroupRow | "new" | null>(null);
  const columns: TableColumnsType<GroupRow> = [
    {
      title: t("groups.name"),
      key: "name",
      render: (_, group) => (
        <>
          <b>{pick(group.title.zh, group.title.en)}</b>
          <span className="code">{group.groupId}</span>
        </>
      ),
    },
    {
      title: t("groups.agents"),
      key: "agents",
      align: "right",
      width: 120,
      render: (_, group) => <span className="figure">{group.agents}</span>,
    },
    {
      title: t("groups.members"),
      key: "members",
      className: "wrap",
      render: (_, group) =>
        directory.agents
          .filter((agent) => agent.groups.includes(group.groupId))
          .map((agent) => pick(agent.nameZh, agent.nameEn))
          .join(t("reason.and")),
    },
    { title: t("agents.unit"), key: "unit", render: (_, group) => names.unit(group.unitPath) },
  ];
  return (
    <Panel flush>
      <FilterBar note={t("list.count", { n: directory.groups.length })}>
        <Button icon={<PlusOutlined />} onClick={() => setOpen("new")} data-testid="new-group">
          {t("groups.new")}
        </Button>
      </FilterBar>
      <RowTable
        label={t("groups.title")}
        rows={directory.groups}
        idOf={(group) => group.groupId}
        columns={columns}
        open={setOpen}
      />
      {open ? <GroupDialog group={open === "new" ? null : open} onClose={() => setOpen(null)} /> : null}
    </Panel>
  );
}
