import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DurableStore } from "../state/store.ts";

export interface PageJob {
  id: number;
  title: string;
  copies: number;
  state: "pending" | "processing" | "stopped" | "cancelled" | "aborted" | "completed";
  file: string;
  where: "printer" | "tray" | "taken";
}
export interface PagePrinterState {
  paper: "full" | "low" | "out";
  toner: "full" | "low" | "out";
  jammed: boolean;
  coverOpen: boolean;
  jobs: PageJob[];
}

export const initialPagePrinterState = (): PagePrinterState => ({
  paper: "full",
  toner: "full",
  jammed: false,
  coverOpen: false,
  jobs: [],
});

export const isStopped = ({ paper, toner, jammed, coverOpen }: PagePrinterState): boolean =>
  paper === "out" || toner === "out" || jammed || coverOpen;

/** printer-state-reasons of RFC 8011, 5.4.12. */
export const reasonsOf = (state: PagePrinterState): string[] => {
  const reasons = [
    state.jammed ? "media-jam-error" : null,
    state.coverOpen ? "cover-open-error" : null,
    state.paper === "out" ? "media-empty-error" : state.paper === "low" ? "media-low-report" : null,
    state.toner === "out" ? "toner-empty-error" : state.toner === "low" ? "toner-low-report" : null,
    state.jobs.some(({ where }) => where === "tray") ? "output-area-almost-full-report" : null,
  ].filter((reason) => reason !== null);
  return reasons.length === 0 ? ["none"] : reasons;
};

/** The mechanics of a page printer: one job after the other, while there is paper and nothing sticks. */
export const createPageMechanics = (settings: {
  store: DurableStore<PagePrinterState>;
  folder: string;
  pageMs: number;
  /** Passed before each job's pages leave; true: a sheet jams. */
  jams: () => Promise<boolean>;
}) => {
  const { store, folder } = settings;
  let running = false;
  const isOpen = ({ state }: PageJob): boolean => state === "pending" || state === "processing" || state === "stopped";
  const set = (job: PageJob, state: PageJob["state"]): void => {
    job.state = state;
    store.commit();
  };
  const work = async (): Promise<void> => {
    if (running) return;
    running = true;
    try {
      for (let job = store.state.jobs.find(isOpen); job !== undefined; job = store.state.jobs.find(isOpen)) {
        if (isStopped(store.state)) {
          set(job, "stopped");
          return;
        }
        set(job, "processing");
        await sleep(settings.pageMs * job.copies);
        if (await settings.jams()) store.state.jammed = true;
        if (isStopped(store.state) || !isOpen(job)) {
          store.commit();
          continue;
        }
        job.where = "tray";
        set(job, "completed");
      }
    } finally {
      running = false;
    }
  };
  return {
    work,
    submit: (title: string, copies: number, document: Uint8Array): PageJob => {
      const id = (store.state.jobs.at(-1)?.id ?? 0) + 1;
      mkdirSync(folder, { recursive: true });
      const file = join(folder, `${String(id).padStart(4, "0")}.pdf`);
      writeFileSync(file, document, { flush: true });
      const job: PageJob = { id, title, copies, state: "pending", file, where: "printer" };
      store.state.jobs.push(job);
      store.commit();
      return job;
    },
    cancel: (id: number): boolean => {
      const job = store.state.jobs.find((one) => one.id === id);
      if (job === undefined || !isOpen(job)) return false;
      set(job, "cancelled");
      return true;
    },
    takePages: (): { taken: number } => {
      const lying = store.state.jobs.filter(({ where }) => where === "tray");
      for (const job of lying) job.where = "taken";
      store.commit();
      return { taken: lying.length };
    },
  };
};
export type PageMechanics = ReturnType<typeof createPageMechanics>;
