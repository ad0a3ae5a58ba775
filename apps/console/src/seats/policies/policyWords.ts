import type { TimeWindow } from "@gridhall/domain/routing/policy.ts";
import type { FailedCondition } from "@gridhall/domain/routing/reason.ts";
import type { SeatDirectory } from "@gridhall/domain/seats/api.ts";
import type { Words } from "../../i18n/language.tsx";
import { at } from "../chinaTime.ts";
import type { EditedMatch } from "./edited.ts";

/** Names of what policies speak of. What has no name (any more) keeps its id. */
export interface Names {
  unit(path: string): string;
  hall(hallId: string): string;
  device(deviceId: string): string;
  group(groupId: string): string;
  agent(seatId: string): string;
  skill(skill: string): string;
}

export function namesOf(
  parts: {
    units: readonly { unitId: string; path: string; nameZh: string; nameEn: string }[];
    kiosks: readonly { deviceId: string; nameZh: string; nameEn: string }[];
    directory: SeatDirectory | undefined;
  },
  { pick }: Words,
): Names {
  const { units, kiosks, directory } = parts;
  return {
    unit: (path) => {
      const unit = units.find((one) => one.path === path);
      return unit ? pick(unit.nameZh, unit.nameEn) : path;
    },
    hall: (hallId) => {
      const unit = units.find((one) => one.unitId === hallId);
      return unit ? pick(unit.nameZh, unit.nameEn) : hallId;
    },
    device: (deviceId) => {
      const kiosk = kiosks.find((one) => one.deviceId === deviceId);
      return kiosk ? pick(kiosk.nameZh, kiosk.nameEn) : deviceId;
    },
    group: (groupId) => {
      const group = directory?.groups.find((one) => one.groupId === groupId);
      return group ? pick(group.title.zh, group.title.en) : groupId;
    },
    agent: (seatId) => {
      const agent = directory?.agents.find((one) => one.seatId === seatId);
      return agent ? pick(agent.nameZh, agent.nameEn) : seatId;
    },
    skill: (skill) => {
      const known = directory?.skills.find((one) => one.skill === skill);
      return known ? pick(known.title.zh, known.title.en) : skill;
    },
  };
}

export function windowText(window: TimeWindow, { t, code }: Words): string {
  const days = [
    ...window.weekdays.map((day) => code("weekday", String(day))),
    ...window.dayKinds.map((kind) => code("day-kind", kind)),
  ].join(t("policy.or"));
  return `${days === "" ? "" : `${days} `}${window.from}–${window.until}`;
}

/** Which calls a policy takes, in one line. */
export function matchText(match: EditedMatch, names: Names, words: Words): string {
  const { t, code } = words;
  const parts: string[] = [];
  const add = (label: string, list: readonly string[]) => {
    if (list.length > 0) parts.push(`${label}${t("policy.colon")}${list.join(t("policy.or"))}`);
  };
  add(t("policy.units"), match.units.map(names.unit));
  add(t("policy.halls"), match.halls.map(names.hall));
  add(t("policy.devices"), match.devices.map(names.device));
  add(
    t("policy.services"),
    match.services.map((service) => code("service", service)),
  );
  add(
    t("policy.classes"),
    match.customerClasses.map((kind) => code("customer-class", kind)),
  );
  if (match.priorityAtLeast !== null) parts.push(t("policy.priority-at-least", { n: match.priorityAtLeast }));
  add(
    t("policy.times"),
    match.times.map((window) => windowText(window, words)),
  );
  return parts.length === 0 ? t("policy.every-call") : parts.join(t("policy.and"));
}

export function periodText(period: { validFromMs: number; validUntilMs: number | null }, { t }: Words): string {
  const from = at(period.validFromMs).slice(0, 16);
  return period.validUntilMs === null
    ? t("policy.from", { from })
    : t("policy.from-until", { from, until: at(period.validUntilMs).slice(0, 16) });
}

/** Whether a version is in force at an instant; `superseded`: a newer one is published. */
export type Standing = "in-force" | "to-come" | "over" | "withdrawn" | "superseded";
export function standingOf(
  row: { policy: { validFromMs: number; validUntilMs: number | null }; current: boolean; withdrawnMs: number | null },
  nowMs: number,
): Standing {
  if (row.withdrawnMs !== null) return "withdrawn";
  if (!row.current) return "superseded";
  if (nowMs < row.policy.validFromMs) return "to-come";
  return row.policy.validUntilMs !== null && nowMs >= row.policy.validUntilMs ? "over" : "in-force";
}

export function failedText(failed: FailedCondition, names: Names, words: Words): string {
  const { t, code } = words;
  const has = (value: string | null) => value ?? t("policy.nothing");
  switch (failed.code) {
    case "not-yet-in-force":
      return t("failed.not-yet", { time: at(failed.fromMs).slice(0, 16) });
    case "no-longer-in-force":
      return t("failed.no-longer", { time: at(failed.untilMs).slice(0, 16) });
    case "newer-version":
      return t("failed.newer", { version: failed.version });
    case "device":
      return t("failed.device", { has: has(failed.has === null ? null : names.device(failed.has)) });
    case "hall":
      return t("failed.hall", { has: has(failed.has === null ? null : names.hall(failed.has)) });
    case "unit":
      return t("failed.unit", { has: names.unit(failed.has) });
    case "service":
      return t("failed.service", { has: has(failed.has === null ? null : code("service", failed.has)) });
    case "customer-class":
      return t("failed.class", { has: code("customer-class", failed.has) });
    case "priority":
      return t("failed.priority", { has: failed.has, least: failed.atLeast });
    case "time":
      return t("failed.time", {
        day: failed.localDay,
        time: failed.localTime,
        kind: `${code("weekday", String(failed.weekday))}${t("policy.and")}${code("day-kind", failed.dayKind)}`,
      });
    default:
      return failed satisfies never;
  }
}

/** `["steps", 1, "groups", 0]` → 第2步 · 班组. */
export function pathText(path: readonly (string | number)[], { t, code }: Words): string {
  const [first, index, field] = path;
  if (first === "steps" && typeof index === "number") {
    const step = t("policy.step-n", { n: index + 1 });
    return field === undefined ? step : `${step} · ${code("field", String(field))}`;
  }
  if (first === "match") return code("field", String(index ?? "match"));
  return first === undefined ? t("policy.whole-set") : code("field", String(first));
}
