import type { JourneyRow } from "@gridhall/domain/trace/api.ts";
import { Link } from "@tanstack/react-router";
import type { TableColumnsType } from "antd";
import { type Words } from "../i18n/language.tsx";
import { Clock, StateTag, tones, useNow } from "../parts/bits.tsx";
import { span } from "../parts/format.ts";
import { pageTitle, serviceTitle } from "./words.ts";

export function Duration({ row, words }: { row: JourneyRow; words: Words }) {
  const now = useNow(row.endedAt === null ? 1_000 : 3_600_000);
  const end = row.endedAt === null ? now : Date.parse(row.endedAt);
  return <span className="figure">{span((end - Date.parse(row.startedAt)) / 1000, words)}</span>;
}

export function journeyColumns(words: Words, options: { kiosk: boolean }): TableColumnsType<JourneyRow> {
  const { t, pick } = words;
  return [
    {
      title: t("journeys.started"),
      key: "started",
      render: (_, row) => (
        <Link to="/journeys/$journeyId" params={{ journeyId: row.journeyId }} tabIndex={-1}>
          <Clock at={row.startedAt} />
        </Link>
      ),
    },
    ...(options.kiosk
      ? [
          {
            title: t("fleet.kiosk"),
            key: "kiosk",
            render: (_: unknown, row: JourneyRow) => pick(row.kioskZh, row.kioskEn),
          },
        ]
      : []),
    { title: t("journeys.service"), key: "service", render: (_, row) => serviceTitle(row.serviceId, words) },
    {
      title: t("journeys.outcome"),
      key: "outcome",
      render: (_, row) => (
        <StateTag group="outcome" value={row.outcome ?? "running"} tone={tones.outcome(row.outcome)} />
      ),
    },
    { title: t("journeys.page"), key: "page", render: (_, row) => pageTitle(row.serviceId, row.page, words) },
    {
      title: t("filter.account"),
      key: "account",
      render: (_, row) => <span className="figure">{row.accountNo ?? t("none")}</span>,
    },
    {
      title: t("journeys.duration"),
      key: "took",
      align: "right",
      render: (_, row) => <Duration row={row} words={words} />,
    },
    {
      title: t("journeys.events"),
      key: "events",
      align: "right",
      render: (_, row) => <span className="figure">{row.events}</span>,
    },
  ];
}
