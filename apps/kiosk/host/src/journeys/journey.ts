import type { Facts } from "@gridhall/domain/catalogue/condition.ts";
import { END, nextPage, type Page, type ServiceDefinition } from "@gridhall/domain/catalogue/schema.ts";
import type { CustomerAction, Message, Screen, Settings } from "@gridhall/domain/kiosk/view.ts";
import type { Ports } from "../devices/ports.ts";
import type { Journal } from "../store/journal.ts";
import type { CashPayments } from "../support/cashPayments.ts";
import type { Printing } from "../support/printing/printing.ts";
import type { AskCentre, ScanPayments } from "../support/scanPayments.ts";
import { type Answers, emptyAnswers, type PageContext, type PageController, problemOf } from "./page.ts";
import { pageFactories } from "./pages.ts";

/** The support layer (requirement T2) as pages use it. */
export interface Support {
  ports: Ports;
  journal: Journal;
  cash: CashPayments | null;
  scan: ScanPayments;
  printing: Printing;
  ask: AskCentre;
  isOnline(): boolean;
  nowMs(): number;
  newId(): string;
  onError(cause: unknown): void;
}

/** One customer's way through one service: each page it enters is a journal step before it is shown. */
export interface Journey {
  readonly journeyId: string;
  readonly serviceId: string;
  readonly title: Page["title"];
  readonly step: { index: number; of: number };
  /** Full-screen "please wait" while something is asked of the centre. */
  readonly busy: Message | null;
  /** Money or paper is moving: no back, no home, no time-out. */
  readonly holdsMoney: boolean;
  readonly canGoBack: boolean;
  /** True while a page is being made: there is nothing to show yet. */
  readonly making: boolean;
  screen(): Screen;
  begin(): void;
  /** False: not an action of the present page. */
  act(action: CustomerAction): boolean;
  back(): void;
  /** The idle time of a page that holds money has run out. */
  moneyTimeout(): void;
  trace(type: string, detail: Record<string, unknown>): void;
  /** Closes the journey's row and everything that its page began, money excepted. */
  end(outcome: string): void;
  /** Closes what the page began and writes nothing: the terminal stops, and the row tells the next start. */
  abandon(): void;
}

export interface JourneyOptions {
  definition: ServiceDefinition;
  support: Support;
  settings(): Settings;
  /** Called as a page is entered, before it is shown. */
  onPage(): void;
  /** What is shown has changed. */
  onChange(): void;
  /** The definition says that the way ends here. */
  onEnd(outcome: "completed" | "left"): void;
}

export function createJourney(options: JourneyOptions): Journey {
  const { definition, support } = options;
  const journeyId = support.newId();
  const answers: Answers = emptyAnswers();
  let page = pageOf(definition, definition.start);
  let controller: PageController | null = null;
  let abort = new AbortController();
  let busy: Message | null = null;
  let over = false;

  const write = (type: string, detail: Record<string, unknown>, ended = false) => {
    support.journal.write({
      journeyId,
      type,
      detail,
      journey: {
        row: {
          journeyId,
          serviceId: definition.id,
          serviceVersion: definition.version,
          page: page.id,
          answers: { due: answers.due, accountNo: answers.account?.accountNo ?? null },
        },
        ended,
      },
      reports: [{ lane: "traces", type, body: { journeyId, page: page.id, ...detail } }],
    });
  };

  const changed = () => {
    if (!over) options.onChange();
  };

  const enter = () => {
    abort.abort();
    abort = new AbortController();
    controller = null;
    options.onPage();
    controller = pageFactories[page.kind](contextOf(abort.signal));
    changed();
  };

  const contextOf = (signal: AbortSignal): PageContext => ({
    journeyId,
    answers,
    ports: support.ports,
    cash: support.cash,
    scan: support.scan,
    printing: support.printing,
    signal,
    settings: options.settings,
    isOnline: support.isOnline,
    nowMs: support.nowMs,
    newId: support.newId,
    ask: support.ask,
    changed: () => {
      if (!signal.aborted) changed();
    },
    outcome: (on, facts) => {
      if (!signal.aborted) follow(on, facts ?? {});
    },
    async busy(text, work) {
      busy = text;
      changed();
      try {
        return await work();
      } catch (cause) {
        support.onError(cause);
        return problemOf(cause);
      } finally {
        busy = null;
        changed();
      }
    },
    trace: (type, detail) => {
      if (!signal.aborted) write(type, detail);
    },
  });

  const show = (pageId: string) => {
    page = pageOf(definition, pageId);
    write("journey.page-entered", { accountNo: answers.account?.accountNo ?? null });
    enter();
  };

  const follow = (on: string, facts: Facts) => {
    const next = nextPage(definition, page.id, on, facts);
    if (next === null)
      support.onError(new Error(`${definition.id}/${page.id}: no way on from ${on} with ${JSON.stringify(facts)}`));
    else if (next === END) options.onEnd("completed");
    else show(next);
  };

  const holdsMoney = () => controller?.isBusyWithMoney?.() ?? false;
  const close = () => {
    over = true;
    abort.abort();
  };

  return {
    journeyId,
    serviceId: definition.id,
    get title() {
      return page.title;
    },
    get step() {
      return { index: STEPS[page.kind], of: 6 };
    },
    get busy() {
      return busy;
    },
    get holdsMoney() {
      return holdsMoney();
    },
    get canGoBack() {
      return page.back !== null && !holdsMoney();
    },
    get making() {
      return controller === null;
    },
    screen() {
      if (!controller) throw new Error(`${definition.id}/${page.id} is not made yet`);
      return controller.screen();
    },
    begin() {
      write("journey.started", {
        serviceId: definition.id,
        serviceVersion: definition.version,
        language: options.settings().language,
      });
      enter();
    },
    act: (action) => busy !== null || (controller?.act(action) ?? false),
    back() {
      if (page.back === null || holdsMoney() || busy) return;
      if (page.back === END) options.onEnd("left");
      else show(page.back);
    },
    moneyTimeout: () => controller?.moneyTimeout?.(),
    trace: write,
    end(outcome) {
      write("journey.ended", { outcome }, true);
      close();
    },
    abandon: close,
  };
}

function pageOf(definition: ServiceDefinition, pageId: string): Page {
  const page = definition.pages.find((candidate) => candidate.id === pageId);
  if (!page) throw new Error(`${definition.id} has no page ${pageId}`);
  return page;
}

/** Where the customer is on the main path of paying: find, amount, method, pay, receipt. */
const STEPS: Record<Page["kind"], number> = {
  "find-account": 1,
  "choose-account": 1,
  account: 2,
  bills: 2,
  bill: 2,
  payments: 2,
  amount: 3,
  method: 4,
  "change-notice": 4,
  cash: 5,
  scan: 5,
  result: 6,
};
