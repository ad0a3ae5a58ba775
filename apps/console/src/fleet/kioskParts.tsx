import type { KioskDetail, KioskRow } from "@gridhall/domain/fleet/api.ts";
import type { CashLevel, DeviceHealth } from "@gridhall/domain/fleet/schema.ts";
import { Tag } from "antd";
import { useWords } from "../i18n/language.tsx";
import { Ago, Clock, Money, StateTag } from "../parts/bits.tsx";
import { bytes, span } from "../parts/format.ts";
import { Facts } from "../parts/page.tsx";
import { RowTable } from "../parts/rowTable.tsx";

/** Whether a customer stands before it; of a terminal that is not connected nobody knows. */
export function InUse({ kiosk }: { kiosk: KioskRow }) {
  const { t } = useWords();
  return kiosk.online ? (
    <span className={kiosk.inSession ? "dot busy" : "dot"}>
      {t(kiosk.inSession ? "fleet.in-session" : "fleet.idle")}
    </span>
  ) : (
    <span className="faint">{t("none")}</span>
  );
}

export function Health({ kiosk }: { kiosk: KioskDetail }) {
  const words = useWords();
  const { t, code } = words;
  const { status } = kiosk;
  const waiting = status ? Object.entries(status.outbox).filter(([, count]) => count > 0) : [];
  return (
    <Facts
      facts={[
        { label: t("fleet.last-seen"), value: <Ago at={kiosk.lastSeenAt} /> },
        { label: t("kiosk.profile"), value: code("profile-kind", kiosk.profile) },
        { label: t("kiosk.enrolled-at"), value: <Clock at={kiosk.enrolledAt} /> },
        { label: t("kiosk.certificate"), value: <Clock at={kiosk.certificateExpiresAt} /> },
        ...(status === null
          ? []
          : [
              {
                label: t("kiosk.mode"),
                value: code("mode", status.mode) + (status.reason === null ? "" : ` (${status.reason})`),
              },
              { label: t("kiosk.uptime"), value: span(status.uptimeS, words) },
              { label: t("kiosk.app-version"), value: status.appVersion },
              { label: t("kiosk.config-version"), value: status.configVersion },
              {
                label: t("kiosk.temperature"),
                value: status.temperatureC === null ? t("none") : `${status.temperatureC.toFixed(1)} °C`,
              },
              {
                label: t("kiosk.doors"),
                value:
                  status.doors === null ? (
                    t("none")
                  ) : status.doors.safe || status.doors.cabinet ? (
                    <span className="tags">
                      {status.doors.safe ? <Tag color="error">{code("condition", "safe")}</Tag> : null}
                      {status.doors.cabinet ? <Tag color="warning">{code("condition", "cabinet")}</Tag> : null}
                    </span>
                  ) : (
                    t("kiosk.doors-closed")
                  ),
              },
              {
                label: t("kiosk.disk"),
                value: (
                  <span className="figure">
                    {bytes(status.disk.freeBytes)} / {bytes(status.disk.totalBytes)}
                  </span>
                ),
              },
              { label: t("kiosk.memory"), value: <span className="figure">{bytes(status.memory.rssBytes)}</span> },
              {
                label: t("kiosk.clock"),
                value:
                  status.clockOffsetMs === null
                    ? t("none")
                    : t("kiosk.clock-ms", { n: Math.round(status.clockOffsetMs) }),
              },
              {
                label: t("kiosk.outbox"),
                value:
                  waiting.length === 0
                    ? t("kiosk.outbox-empty")
                    : waiting.map(([lane, count]) => `${code("lane", lane)} ${count}`).join(" · "),
              },
              {
                label: t("kiosk.self-test-last"),
                value:
                  status.lastSelfTest === null ? (
                    t("none")
                  ) : (
                    <>
                      {t(status.lastSelfTest.ok ? "kiosk.self-test-ok" : "kiosk.self-test-failed")}{" "}
                      <Ago at={status.lastSelfTest.at} />
                    </>
                  ),
              },
            ]),
      ]}
    />
  );
}

export function Devices({ devices }: { devices: readonly DeviceHealth[] }) {
  const { t, code } = useWords();
  return (
    <RowTable
      label={t("kiosk.devices")}
      rows={devices}
      idOf={(row) => row.service}
      emptyHint=""
      columns={[
        { title: t("kiosk.device"), key: "kind", render: (_, row) => code("device", row.kind) },
        {
          title: t("fleet.state"),
          key: "state",
          render: (_, row) => (
            <StateTag
              group="condition"
              value={row.state}
              tone={
                row.state === "online" || row.state === "deviceBusy"
                  ? "success"
                  : row.state === "starting"
                    ? "processing"
                    : "error"
              }
            />
          ),
        },
        {
          title: t("kiosk.condition"),
          key: "conditions",
          render: (_, row) =>
            row.conditions.length === 0 ? (
              <span className="faint">{t("none")}</span>
            ) : (
              <span className="tags">
                {row.conditions.map((condition) => (
                  <Tag key={condition} color="warning">
                    {code("condition", condition)}
                  </Tag>
                ))}
              </span>
            ),
        },
        { title: t("kiosk.model"), key: "model", dataIndex: "model" },
      ]}
    />
  );
}

export function CashUnits({ units }: { units: readonly CashLevel[] }) {
  const { t, code } = useWords();
  return (
    <RowTable
      label={t("kiosk.cash-units")}
      rows={units}
      idOf={(row) => row.unitId}
      emptyHint=""
      columns={[
        { title: t("kiosk.unit"), key: "unit", render: (_, row) => unitText(row.unitId, code) },
        { title: t("kiosk.role"), key: "role", render: (_, row) => code("cash-role", row.role) },
        {
          title: t("kiosk.denomination"),
          key: "denomination",
          align: "right",
          render: (_, row) =>
            row.denominationFen === null ? (
              <span className="faint">{t("none")}</span>
            ) : (
              <Money fen={row.denominationFen} />
            ),
        },
        {
          title: t("kiosk.count"),
          key: "count",
          align: "right",
          render: (_, row) => (
            <span className="figure">
              {row.count} / {row.capacity}
            </span>
          ),
        },
        { title: t("kiosk.level"), key: "level", render: (_, row) => <Level unit={row} /> },
        {
          title: t("kiosk.value"),
          key: "value",
          align: "right",
          render: (_, row) =>
            row.denominationFen === null ? (
              <span className="faint">{t("none")}</span>
            ) : (
              <Money fen={row.denominationFen * row.count} />
            ),
        },
      ]}
    />
  );
}

/** The unit's name with its number, where it is one that devices usually have; else what the device calls it. */
function unitText(unitId: string, code: (group: string, value: string) => string): string {
  const [, kind = "", number = ""] = /^unit([A-Z][a-z]+)(\d*)$/.exec(unitId) ?? [];
  const known = code("cash-unit", kind);
  return known === kind ? unitId : `${known} ${number}`.trim();
}

function Level({ unit }: { unit: CashLevel }) {
  const { t } = useWords();
  const percent = unit.capacity > 0 ? Math.min(100, Math.round((unit.count / unit.capacity) * 100)) : 0;
  return (
    <span className={unit.low || unit.high ? "level warn" : "level"}>
      <span className="bar" aria-hidden="true">
        <i style={{ width: `${percent}%` }} />
      </span>
      <span className="figure">{percent}%</span>
      {unit.low ? <Tag color="warning">{t("kiosk.low")}</Tag> : null}
      {unit.high ? <Tag color="warning">{t("kiosk.high")}</Tag> : null}
    </span>
  );
}
