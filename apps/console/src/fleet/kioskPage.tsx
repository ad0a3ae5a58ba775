import type { KioskDetail } from "@gridhall/domain/fleet/api.ts";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Alert } from "antd";
import { queries } from "../api/queries.ts";
import { useWords } from "../i18n/language.tsx";
import { journeyColumns } from "../journeys/journeyColumns.tsx";
import { Ago, Clock, StateTag, tones } from "../parts/bits.tsx";
import { Page, Panel } from "../parts/page.tsx";
import { RowTable } from "../parts/rowTable.tsx";
import { Loaded, Needs, Nothing } from "../parts/states.tsx";
import { useMay } from "../shell/me.ts";
import { Conditions } from "./conditions.tsx";
import { KioskActions } from "./kioskActions.tsx";
import { CashUnits, Devices, Health, InUse } from "./kioskParts.tsx";

export function KioskPage() {
  return (
    <Needs permission="fleet.read">
      <Kiosk />
    </Needs>
  );
}

function Kiosk() {
  const { t, pick } = useWords();
  const { deviceId } = useParams({ from: "/kiosks/$deviceId" });
  const query = useQuery(queries.kiosk(deviceId));
  const mayManage = useMay("fleet.manage");
  const kiosk = query.data;
  return (
    <Page
      name="kiosk"
      title={kiosk ? pick(kiosk.nameZh, kiosk.nameEn) : deviceId}
      back={{ to: "/kiosks", label: t("kiosk.back") }}
      tags={
        kiosk ? (
          <>
            <StateTag group="kiosk-state" value={kiosk.state} tone={tones.kiosk(kiosk.state)} />
            {kiosk.online ? <InUse kiosk={kiosk} /> : null}
            {kiosk.conditions.length > 0 ? <Conditions conditions={kiosk.conditions} /> : null}
          </>
        ) : null
      }
      actions={kiosk && mayManage ? <KioskActions kiosk={kiosk} /> : null}
    >
      <Loaded query={query}>{(found) => <Content kiosk={found} />}</Loaded>
    </Page>
  );
}

function Content({ kiosk }: { kiosk: KioskDetail }) {
  const words = useWords();
  const { t, code } = words;
  const navigate = useNavigate();
  const mayJourneys = useMay("journeys.read");
  const journeys = useQuery({ ...queries.journeys({ deviceId: kiosk.deviceId, limit: 15 }), enabled: mayJourneys });
  return (
    <>
      {kiosk.revokedReason === null ? null : (
        <Alert
          className="gap"
          type="error"
          showIcon
          title={t("kiosk.revoked-because", { reason: kiosk.revokedReason })}
        />
      )}
      <div className="columns">
        <div className="stack">
          <Panel
            title={t("kiosk.overview")}
            extra={
              kiosk.reportedAt === null ? null : (
                <span className="faint">
                  {t("kiosk.reported-at")} <Ago at={kiosk.reportedAt} />
                </span>
              )
            }
          >
            <Health kiosk={kiosk} />
            {kiosk.status === null ? <Nothing title={t("kiosk.no-status")} hint={t("kiosk.no-status-hint")} /> : null}
          </Panel>
          {kiosk.status === null ? null : (
            <>
              <Panel title={t("kiosk.devices")} flush>
                <Devices devices={kiosk.status.devices} />
              </Panel>
              <Panel title={t("kiosk.cash-units")} flush>
                <CashUnits units={kiosk.status.cash} />
              </Panel>
            </>
          )}
        </div>
        <div className="stack">
          {mayJourneys ? (
            <Panel title={t("kiosk.recent-journeys")} flush>
              <RowTable
                label={t("kiosk.recent-journeys")}
                rows={journeys.data ?? []}
                loading={journeys.isPending}
                idOf={(row) => row.journeyId}
                columns={journeyColumns(words, { kiosk: false }).filter((column) =>
                  ["started", "service", "outcome", "took"].includes(String(column.key)),
                )}
                open={(row) => void navigate({ to: "/journeys/$journeyId", params: { journeyId: row.journeyId } })}
                emptyTitle={t("kiosk.no-journeys")}
                emptyHint=""
              />
            </Panel>
          ) : null}
          <Panel title={t("kiosk.commands")} flush>
            <RowTable
              label={t("kiosk.commands")}
              rows={kiosk.commands}
              idOf={(row) => row.commandId}
              emptyTitle={t("kiosk.no-commands")}
              emptyHint=""
              columns={[
                { title: t("kiosk.command"), key: "type", render: (_, row) => code("command", row.type) },
                {
                  title: t("kiosk.result"),
                  key: "state",
                  render: (_, row) => (
                    <span title={row.result ?? ""}>
                      <StateTag group="command-state" value={row.state} tone={tones.command(row.state)} />
                    </span>
                  ),
                },
                { title: t("kiosk.by"), key: "by", dataIndex: "createdBy" },
                { title: t("payment.created"), key: "at", render: (_, row) => <Clock at={row.createdAt} /> },
              ]}
            />
          </Panel>
        </div>
      </div>
    </>
  );
}
