import type { WorkOrderRow } from "@gridhall/domain/seats/api.ts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type TableColumnsType, Tag } from "antd";
import { useWords } from "../../i18n/language.tsx";
import { useNow } from "../../parts/bits.tsx";
import { FilterBar } from "../../parts/filters.tsx";
import { Panel } from "../../parts/page.tsx";
import { RowTable } from "../../parts/rowTable.tsx";
import { Loaded } from "../../parts/states.tsx";
import { at } from "../chinaTime.ts";
import { seatsQueries } from "../seatsQueries.ts";

/** What agents have sent managers out for. */
export function OrdersTab() {
  const words = useWords();
  const { t, code } = words;
  const nowMs = useNow(30_000);
  const orders = useQuery(seatsQueries.workOrders({ limit: 500 }));
  const columns: TableColumnsType<WorkOrderRow> = [
    {
      title: t("orders.opened"),
      key: "opened",
      render: (_, row) => <span className="figure">{at(row.openedMs)}</span>,
    },
    { title: t("orders.type"), key: "type", render: (_, row) => code("order-type", row.type) },
    {
      title: t("orders.urgency"),
      key: "urgency",
      render: (_, row) => (
        <Tag
          className="state"
          color={row.urgency === "emergency" ? "error" : row.urgency === "urgent" ? "warning" : "default"}
        >
          {code("urgency", row.urgency)}
        </Tag>
      ),
    },
    { title: t("orders.place"), key: "place", className: "wrap", render: (_, row) => row.place },
    { title: t("orders.detail"), key: "detail", className: "wrap", render: (_, row) => row.detail },
    {
      title: t("orders.phone"),
      key: "phone",
      render: (_, row) => row.contactPhone ?? <span className="faint">{t("none")}</span>,
    },
    {
      title: t("orders.due"),
      key: "due",
      render: (_, row) => (
        <span className={row.state === "open" && row.dueMs < nowMs ? "figure worse" : "figure"}>
          {at(row.dueMs).slice(0, 16)}
        </span>
      ),
    },
    { title: t("filter.state"), key: "state", render: (_, row) => code("order-state", row.state) },
    {
      title: t("orders.by"),
      key: "by",
      render: (_, row) => (
        <>
          {row.openedBy}{" "}
          <Link to="/calls/$callId" params={{ callId: row.callId }}>
            {t("messages.open-call")}
          </Link>
        </>
      ),
    },
  ];
  return (
    <Loaded query={orders}>
      {(rows) => (
        <Panel flush>
          <FilterBar
            onRefresh={() => void orders.refetch()}
            csv={{ path: "/api/seats/work-orders", query: { limit: 1000 } }}
            note={t("list.count", { n: rows.length })}
          >
            {null}
          </FilterBar>
          <RowTable
            label={t("orders.tab")}
            rows={rows}
            idOf={(row) => row.orderId}
            columns={columns}
            emptyTitle={t("orders.none")}
            emptyHint={t("orders.none-hint")}
          />
        </Panel>
      )}
    </Loaded>
  );
}
