import dayjs, { type Dayjs } from "dayjs";
import { clock, today } from "../parts/format.ts";

/** Pickers show a wall clock without a zone; here it is always China's, wherever the browser stands. */

const DAY_MS = 86_400_000;

export const toPicker = (atMs: number): Dayjs => dayjs(clock(new Date(atMs).toISOString()));

export const fromPicker = (picked: Dayjs): number => Date.parse(`${picked.format("YYYY-MM-DDTHH:mm:ss")}+08:00`);

/** The instant at which a day of China begins. */
export const dayStart = (day: string): number => Date.parse(`${day}T00:00:00+08:00`);

export const dayOf = (atMs: number): string => today(atMs);

export const addDays = (day: string, days: number): string => dayOf(dayStart(day) + days * DAY_MS);

export const at = (atMs: number): string => clock(new Date(atMs).toISOString());
