import { PlusOutlined } from "@ant-design/icons";
import type { PolicyRow } from "@gridhall/domain/seats/api.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, type TableColumnsType, Tag } from "antd";
import { useWords } from "../../i18n/language.tsx";
import { type Tone, useNow } from "../../parts/bits.tsx";
import { ChoiceFilter, FilterBar, TextFilter, useFilters } from "../../parts/filters.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { RowTable } from "../../parts/rowTable.tsx";
import { Loaded, Needs } from "../../parts/states.tsx";
import { at } from "../chinaTime.ts";
import { seatsQueries } from "../seatsQueries.ts";
import { matchText, periodText, type Standing, standingOf } from "./policyWords.ts";
import { useChoices } from "./useNames.ts";

export function PoliciesPage() {
  return (
    <Needs permission="seats.manage">
      <Policies />
    </Needs>
  );
}

const TONES: Record<Standing, Tone> = {
  "in-force": "success",
  "to-come": "processing",
  over: "default",
  withdrawn: "default",
  superseded: "default",
};

export function StandingTag({ standing }: { standing: Standing }) {
  const { code } = useWords();
  return (
    <Tag color={TONES[standing]} className="state">
      {code("standing", standing)}
    </Tag>
  );
}

/** By priority, as routing looks at them: the newest version of each, withdrawn ones only on request. */
function Policies() {
  const words = useWords();
  const { t, pick, code } = words;
  const navigate = useNavigate();
  const nowMs = useNow(30_000);
  const { values, set, clear } = useFilters(["standing", "q"]);
  const { names } = useChoices();
  const policies = useQuery(seatsQueries.policies());
  const wanted = values.q?.toLowerCase();
  const open = (row: PolicyRow) =>
    void navigate({ to: "/policies/$policyId", params: { policyId: row.policy.policyId } });
  const columns: TableColumnsType<PolicyRow> = [
    {
      title: t("policy.priority"),
      key: "priority",
      align: "right",
      width: 90,
      render: (_, row) => <b className="figure">{row.policy.priority}</b>,
    },
    {
      title: t("policy.title"),
      key: "title",
      render: (_, { policy }) => (
        <>
          <Link to="/policies/$policyId" params={{ policyId: policy.policyId }} tabIndex={-1}>
            {pick(policy.title.zh, policy.title.en)}
          </Link>
          <span className="code">
            {policy.policyId} v{policy.version}
          </span>
        </>
      ),
    },
    {
      title: t("policy.standing"),
      key: "standing",
      render: (_, row) => <StandingTag standing={standingOf(row, nowMs)} />,
    },
    {
      title: t("policy.match"),
      key: "match",
      className: "wrap",
      render: (_, row) => matchText(row.policy.match, names, words),
    },
    {
      title: t("policy.steps"),
      key: "steps",
      className: "wrap",
      render: (_, { policy }) =>
        policy.steps
          .map((step) =>
            step.groups.length === 0 ? t("policy.any-group") : step.groups.map(names.group).join(t("policy.or")),
          )
          .join(" → ") || t("policy.no-steps"),
    },
    { title: t("policy.ending"), key: "ending", render: (_, row) => code("ending", row.policy.ending) },
    { title: t("policy.period"), key: "period", render: (_, row) => periodText(row.policy, words) },
    {
      title: t("policy.published"),
      key: "published",
      render: (_, row) => (
        <span className="figure">
          {at(row.publishedMs).slice(0, 16)}{" "}
          <span className="faint">{row.publishedBy === "system" ? t("policy.system") : row.publishedBy}</span>
        </span>
      ),
    },
  ];
  return (
    <Page
      name="policies"
      title={t("policies.title")}
      actions={
        <Button
          type="primary"
          icon={<PlusOutlined />}
          data-testid="new-policy"
          onClick={() => void navigate({ to: "/policies/$policyId", params: { policyId: "new" } })}
        >
          {t("policy.new")}
        </Button>
      }
    >
      <Loaded query={policies}>
        {(all) => {
          const newest = all.filter(
            (row) =>
              !all.some(
                (other) => other.policy.policyId === row.policy.policyId && other.policy.version > row.policy.version,
              ),
          );
          const rows = newest.filter((row) => {
            const standing = standingOf(row, nowMs);
            const shown =
              values.standing === undefined
                ? standing !== "withdrawn"
                : values.standing === "all" || standing === values.standing;
            const text = [
              row.policy.policyId,
              row.policy.title.zh,
              row.policy.title.en,
              matchText(row.policy.match, names, words),
            ];
            return shown && (wanted === undefined || text.some((part) => part.toLowerCase().includes(wanted)));
          });
          return (
            <Panel flush>
              <FilterBar
                onClear={Object.keys(values).length > 0 ? clear : undefined}
                onRefresh={() => void policies.refetch()}
                note={t("list.count", { n: rows.length })}
              >
                <ChoiceFilter
                  label={t("policy.standing")}
                  value={values.standing}
                  onChange={(standing) => set("standing", standing)}
                  options={[...(["in-force", "to-come", "over", "withdrawn"] as const), "all"].map((value) => ({
                    value,
                    label: value === "all" ? t("list.all") : code("standing", value),
                  }))}
                />
                <TextFilter label={t("filter.text")} value={values.q} onChange={(q) => set("q", q)} immediate wide />
              </FilterBar>
              <RowTable
                label={t("policies.title")}
                rows={rows}
                idOf={(row) => row.policy.policyId}
                columns={columns}
                open={open}
              />
            </Panel>
          );
        }}
      </Loaded>
    </Page>
  );
}
