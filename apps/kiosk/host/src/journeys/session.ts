import type { Facts } from "@gridhall/domain/catalogue/condition.ts";
import { END, nextPage, type Page, type ServiceDefinition } from "@gridhall/domain/catalogue/schema.ts";
import {
  type CustomerAction,
  DEFAULT_SETTINGS,
  type KioskView,
  type Message,
  type Overlay,
  type Screen,
  type Settings,
} from "@gridhall/domain/kiosk/view.ts";
import { isFinal, receivedFen } from "@gridhall/domain/payment/cashSaga.ts";
import { allocatedFen } from "@gridhall/domain/payment/schema.ts";
import { allPorts, type Ports } from "../devices/ports.ts";
import type { Journal, Report } from "../store/journal.ts";
import type { CashPayments } from "../support/cashPayments.ts";
import type { Printing } from "../support/printing/printing.ts";
import type { AskCentre, ScanPayments } from "../support/scanPayments.ts";
import { type Answers, emptyAnswers, message, type PageContext, type PageController, problemOf } from "./page.ts";
import { pageFactories } from "./pages.ts";

/**
 * One terminal's conversation with its customers: signage → home → a journey's pages → wiped → signage. The UI shows
 * what `view` says and sends actions; everything that happens is a journal step before it is shown.
 */
export interface Session {
  view(): KioskView;
  onView(listener: (view: KioskView) => void): () => void;
  /** Drops actions that were made on another revision of the screen's page. */
  act(action: CustomerAction): void;
  /** Whether a customer is being served: updates and restarts wait. */
  isBusy(): boolean;
  setOutOfService(reason: Message | null): void;
  start(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface SessionOptions {
  terminal: { id: string; name: { zh: string; en: string }; hall: { zh: string; en: string }; hotline: string };
  services: readonly ServiceDefinition[];
  slides: Extract<Screen, { kind: "signage" }>["slides"];
  ports: Ports;
  journal: Journal;
  cash: CashPayments | null;
  scan: ScanPayments;
  printing: Printing;
  ask: AskCentre;
  isOnline(): boolean;
  onOnline(listener: () => void): () => void;
  nowMs(): number;
  newId(): string;
  /** Idle time before the warning, and from the warning to the wipe. */
  idleMs: number;
  warningMs: number;
  onError(cause: unknown): void;
}

interface Running {
  definition: ServiceDefinition;
  page: Page;
  journeyId: string;
  answers: Answers;
  controller: PageController | null;
  abort: AbortController;
}

const RECOVERY_NOTICE_MS = 60_000;

export function createSession(options: SessionOptions): Session {
  const { journal, ports } = options;
  const listeners = new Set<(view: KioskView) => void>();
  let revision = 0;
  let sessionNo = 0;
  let settings: Settings = DEFAULT_SETTINGS;
  let running: Running | null = null;
  let atHome = false;
  let recovery: Extract<Screen, { kind: "recovery" }> | null = null;
  let outOfService: Message | null = message("unavailable.starting");
  let overlay: Overlay | null = null;
  let busy: Message | null = null;
  let lastTouchMs = options.nowMs();
  let wiping: Promise<void> | null = null;
  let disposed = false;
  let entering = false;

  // View --------------------------------------------------------------------------------------------------------------

  const screen = (): Screen => {
    if (recovery) return recovery;
    if (outOfService && !running) return { kind: "out-of-service", reason: outOfService };
    if (running?.controller) return running.controller.screen();
    if (atHome) {
      return {
        kind: "home",
        services: options.services.map((service) => {
          const start = service.pages.find((page) => page.id === service.start);
          const reason = start?.needsLink && !options.isOnline() ? message("unavailable.offline") : null;
          return {
            serviceId: service.id,
            title: service.title,
            hint: service.hint,
            icon: service.icon,
            available: reason === null,
            unavailableReason: reason,
          };
        }),
      };
    }
    return { kind: "signage", slides: options.slides };
  };

  const makeView = (): KioskView => {
    const money = running?.controller?.isBusyWithMoney?.() ?? false;
    return {
      revision,
      session: sessionNo,
      terminal: { ...options.terminal, online: options.isOnline(), now: new Date(options.nowMs()).toISOString() },
      settings,
      title: running?.page.title ?? null,
      step: running ? stepOf(running) : null,
      screen: screen(),
      overlay,
      busy,
      canGoBack: running !== null && running.page.back !== null && !money,
      canGoHome: running !== null && !money,
    };
  };

  const changed = () => {
    // A page that is being made has no screen yet; it is shown when it is whole.
    if (entering) return;
    revision += 1;
    const view = makeView();
    for (const listener of listeners) listener(view);
  };

  // Journal -----------------------------------------------------------------------------------------------------------

  const write = (type: string, detail: Record<string, unknown>, ended = false) => {
    if (!running) return;
    const { journeyId, definition, page, answers } = running;
    const body = { journeyId, page: page.id, ...detail };
    const report: Report = { lane: "traces", type, body };
    journal.write({
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
      reports: [report],
    });
  };

  // Pages -------------------------------------------------------------------------------------------------------------

  const enter = (current: Running) => {
    current.abort.abort();
    current.abort = new AbortController();
    const { signal } = current.abort;
    const context: PageContext = {
      journeyId: current.journeyId,
      answers: current.answers,
      ports,
      cash: options.cash,
      scan: options.scan,
      printing: options.printing,
      signal,
      settings: () => settings,
      isOnline: options.isOnline,
      nowMs: options.nowMs,
      newId: options.newId,
      ask: options.ask,
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
          options.onError(cause);
          return problemOf(cause);
        } finally {
          busy = null;
          lastTouchMs = options.nowMs();
          if (!disposed) changed();
        }
      },
      trace: (type, detail) => {
        if (!signal.aborted) write(type, detail);
      },
    };
    entering = true;
    try {
      current.controller = pageFactories[current.page.kind](context);
    } finally {
      entering = false;
    }
    changed();
  };

  const show = (pageId: string) => {
    if (!running) return;
    const page = running.definition.pages.find((candidate) => candidate.id === pageId);
    if (!page) throw new Error(`${running.definition.id} has no page ${pageId}`);
    running.page = page;
    write("journey.page-entered", { accountNo: running.answers.account?.accountNo ?? null });
    lastTouchMs = options.nowMs();
    enter(running);
  };

  const follow = (on: string, facts: Facts) => {
    if (!running) return;
    const next = nextPage(running.definition, running.page.id, on, facts);
    if (next === null)
      return options.onError(
        new Error(`${running.definition.id}/${running.page.id}: no way on from ${on} with ${JSON.stringify(facts)}`),
      );
    if (next === END) return void end("completed");
    show(next);
  };

  const startService = (serviceId: string) => {
    const definition = options.services.find((service) => service.id === serviceId);
    const page = definition?.pages.find((candidate) => candidate.id === definition.start);
    if (!definition || !page) return;
    if (page.needsLink && !options.isOnline()) return changed();
    atHome = false;
    running = {
      definition,
      page,
      journeyId: options.newId(),
      answers: emptyAnswers(),
      controller: null,
      abort: new AbortController(),
    };
    write("journey.started", {
      serviceId: definition.id,
      serviceVersion: definition.version,
      language: settings.language,
    });
    enter(running);
  };

  // Between two customers ---------------------------------------------------------------------------------------------

  /** Ends the journey; `toHome` keeps the session (the customer touched 首页), otherwise everything is wiped. */
  const end = (outcome: string, toHome = false): Promise<void> => {
    if (running) {
      write("journey.ended", { outcome }, true);
      running.abort.abort();
      running = null;
    }
    busy = null;
    overlay = null;
    if (toHome) {
      atHome = true;
      changed();
      return Promise.resolve();
    }
    wiping ??= wipe().finally(() => {
      wiping = null;
    });
    return wiping;
  };

  /** Every device proves that it is idle and empty before the next customer may begin (design §5). */
  const wipe = async () => {
    overlay = { kind: "wiping" };
    changed();
    const results = await Promise.all(
      allPorts(ports).map((port) =>
        port.prepareForNext(AbortSignal.timeout(8_000)).catch((cause: unknown) => {
          options.onError(cause);
          return { ok: false, detail: String(cause) };
        }),
      ),
    );
    const failed = results.filter((result) => !result.ok).map((result) => result.detail);
    if (failed.length > 0)
      journal.write({
        journeyId: null,
        type: "session.wipe-incomplete",
        detail: { failed },
        reports: [{ lane: "alarms", type: "kiosk.device-not-idle", body: { failed } }],
      });
    sessionNo += 1;
    settings = DEFAULT_SETTINGS;
    atHome = false;
    overlay = null;
    changed();
  };

  // Time --------------------------------------------------------------------------------------------------------------

  const tick = () => {
    if (disposed || wiping) return;
    if (recovery) {
      // The customer of before the power cut may be gone: the notice makes room for the next one.
      if (recovery.state === "settled" && options.nowMs() - lastTouchMs > RECOVERY_NOTICE_MS) {
        recovery = null;
        void end("acknowledged");
      }
      return;
    }
    const inSession = running !== null || atHome;
    if (!inSession || busy) return;
    const idleMs = options.nowMs() - lastTouchMs;
    if (running?.controller?.isBusyWithMoney?.()) {
      overlay = overlay?.kind === "timeout" ? null : overlay;
      return;
    }
    if (idleMs >= options.idleMs + options.warningMs) {
      // A half-presented payment code or the like is closed properly first.
      running?.controller?.moneyTimeout?.();
      void end("timed-out");
    } else if (idleMs >= options.idleMs) {
      overlay = { kind: "timeout", secondsLeft: Math.ceil((options.idleMs + options.warningMs - idleMs) / 1000) };
      changed();
    }
  };
  const timer = setInterval(tick, 500);
  const stopOnline = options.onOnline(changed);
  const stopDevices = allPorts(ports).map((port) => port.onChange(changed));
  const stopApproach = ports.cabinet?.onApproach(() => {});

  // Actions -----------------------------------------------------------------------------------------------------------

  const act = (action: CustomerAction) => {
    if (disposed || wiping) return;
    lastTouchMs = options.nowMs();
    if (overlay?.kind === "timeout") {
      overlay = null;
      changed();
      if (action.type === "touch") return;
    }
    switch (action.type) {
      case "touch":
        return;
      case "start":
        if (running || atHome || outOfService || recovery?.state === "working") return;
        recovery = null;
        atHome = true;
        return changed();
      case "settings":
        settings = action.settings;
        return changed();
      case "help":
        overlay = { kind: "help" };
        if (running) write("help.requested", {});
        else
          journal.write({
            journeyId: null,
            type: "help.requested",
            detail: {},
            reports: [{ lane: "traces", type: "help.requested", body: { journeyId: null } }],
          });
        return changed();
      case "close-overlay":
        overlay = null;
        return changed();
      case "done":
        if (recovery?.state === "settled") {
          recovery = null;
          void end("acknowledged");
          return;
        }
        break;
      case "home":
        if (running && !running.controller?.isBusyWithMoney?.()) void end("left", true);
        else if (atHome) void end("left");
        return;
      case "back":
        return goBack();
      case "service":
        if (atHome) startService(action.serviceId);
        return;
      default:
        break;
    }
    if (busy) return;
    if (running?.controller && !running.controller.act(action)) changed();
  };

  const goBack = () => {
    if (!running || running.page.back === null || running.controller?.isBusyWithMoney?.()) return;
    if (busy) return;
    if (running.page.back === END) return void end("left", true);
    show(running.page.back);
  };

  // Start -------------------------------------------------------------------------------------------------------------

  /** What a power cut interrupted comes first: money to its end, then the journey's row is closed. */
  const recover = async () => {
    const open = journal.openJourney();
    const cashOpen = journal.openCash();
    options.scan.recover();
    if (cashOpen && options.cash) {
      const received = receivedFen(cashOpen.payment);
      recovery = {
        kind: "recovery",
        state: "working",
        receivedFen: received,
        creditedFen: 0,
        accountNo: cashOpen.payment.due.accountNo,
      };
      changed();
      const payment = await options.cash.recover();
      if (payment && isFinal(payment) && receivedFen(payment) > 0)
        recovery = {
          kind: "recovery",
          state: "settled",
          receivedFen: receivedFen(payment),
          creditedFen: payment.allocation ? allocatedFen(payment.allocation) : 0,
          accountNo: payment.due.accountNo,
        };
      else recovery = null;
    }
    if (open)
      journal.write({
        journeyId: open.journeyId,
        type: "journey.ended",
        detail: { outcome: "interrupted" },
        journey: { row: open, ended: true },
        reports: [
          {
            lane: "traces",
            type: "journey.ended",
            body: { journeyId: open.journeyId, page: open.page, outcome: "interrupted" },
          },
        ],
      });
  };

  return {
    view: makeView,
    onView(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    act,
    isBusy: () => running !== null || atHome || recovery?.state === "working",
    setOutOfService(reason) {
      if (JSON.stringify(reason) === JSON.stringify(outOfService)) return;
      outOfService = reason;
      if (reason && atHome && !running) void end("out-of-service");
      changed();
    },
    async start() {
      await recover();
      outOfService = null;
      changed();
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      clearInterval(timer);
      stopOnline();
      stopApproach?.();
      for (const stop of stopDevices) stop();
      running?.abort.abort();
      await wiping;
    },
  };
}

/** Where the customer is on the main path of paying: find, amount, method, pay, receipt. */
function stepOf(running: Running): { index: number; of: number } | null {
  const steps: Record<Page["kind"], number> = {
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
  return { index: steps[running.page.kind], of: 6 };
}
