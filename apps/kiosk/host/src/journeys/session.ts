import type { ServiceDefinition } from "@gridhall/domain/catalogue/schema.ts";
import {
  type CustomerAction,
  DEFAULT_SETTINGS,
  type KioskView,
  type Message,
  type Overlay,
  type Screen,
  type ServiceTile,
  type Settings,
} from "@gridhall/domain/kiosk/view.ts";
import { helpOf, seemsElderly } from "@gridhall/domain/kiosk/help.ts";
import type { JourneyView } from "@gridhall/domain/seats/assist.ts";
import type { CallUp } from "@gridhall/domain/seats/callLink.ts";
import { allPorts } from "../devices/ports.ts";
import { createKioskCall, type KioskCall } from "../support/kioskCall.ts";
import { type Recovery, recoverInterrupted, wipeDevices } from "./betweenCustomers.ts";
import { createJourney, type Journey, type Support } from "./journey.ts";
import { message } from "./page.ts";
import { createPlaces, placeOf, stillMeant } from "./staleAction.ts";

/**
 * One terminal's conversation with its customers: signage → home → a journey's pages → wiped → signage. The UI shows
 * what `view` says and sends actions; everything that happens is a journal step before it is shown.
 */
export interface Session {
  view(): KioskView;
  onView(listener: (view: KioskView) => void): () => void;
  /** `revision`: the view that the customer saw. An action that no longer means what it meant there is dropped. */
  act(action: CustomerAction, revision: number): void;
  /** Whether a customer is being served: updates and restarts wait. */
  isBusy(): boolean;
  readonly call: KioskCall;
  setOutOfService(reason: Message | null): void;
  start(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface SessionOptions extends Support {
  terminal: { id: string; name: { zh: string; en: string }; hall: { zh: string; en: string }; hotline: string };
  services: readonly ServiceDefinition[];
  slides: Extract<Screen, { kind: "signage" }>["slides"];
  onOnline(listener: () => void): () => void;
  /** Passing messages of a call to the centre. */
  sendCall(message: CallUp): void;
  /** Idle time before the warning, and from the warning to the wipe. */
  idleMs: number;
  warningMs: number;
}

const RECOVERY_NOTICE_MS = 60_000;

export function createSession(options: SessionOptions): Session {
  const { journal, ports } = options;
  const listeners = new Set<(view: KioskView) => void>();
  const places = createPlaces();
  let revision = 0;
  let sessionNo = 0;
  let visit = 0;
  let settings: Settings = DEFAULT_SETTINGS;
  let journey: Journey | null = null;
  let atHome = false;
  let recovery: Recovery | null = null;
  let outOfService: Message | null = message("unavailable.starting");
  let overlay: Overlay | null = null;
  let lastTouchMs = options.nowMs();
  let wiping: Promise<void> | null = null;
  let disposed = false;
  /** Of this visit; calls and their applicants are counted by it where nobody has said who they are. */
  let visitorKey = options.newId();

  const call = createKioskCall({
    ask: options.ask,
    send: options.sendCall,
    isOnline: options.isOnline,
    nowMs: options.nowMs,
    newId: options.newId,
    changed: () => changed(),
    journey: () => journeyView(),
    screen: () => screen(),
    ways: () => ({ canGoBack: journey?.canGoBack ?? false, canGoHome: canGoHome() }),
    // On the page that is shown now: nothing of it is stale.
    perform: (action) => act(action, revision),
    about: () => {
      const accountNo = accountOn(screen());
      return {
        service: journey?.serviceId ?? null,
        journeyId: journey?.journeyId ?? null,
        customerKey: accountNo ? `account:${accountNo}` : `visit:${visitorKey}`,
        accountNo,
        elderly: seemsElderly(settings),
        language: settings.language,
      };
    },
    trace(type, detail) {
      if (journey) journey.trace(type, detail);
      else
        journal.write({
          journeyId: null,
          type,
          detail,
          reports: [{ lane: "traces", type, body: { ...detail, journeyId: null } }],
        });
    },
    onError: options.onError,
  });

  // View --------------------------------------------------------------------------------------------------------------

  const screen = (): Screen => {
    if (recovery) return recovery;
    if (journey) return journey.screen();
    if (outOfService) return { kind: "out-of-service", reason: outOfService };
    if (atHome) return { kind: "home", services: options.services.map(tileOf) };
    return { kind: "signage", slides: options.slides };
  };

  const tileOf = (service: ServiceDefinition): ServiceTile => {
    const reason = needsMissingLink(service) ? message("unavailable.offline") : null;
    return {
      serviceId: service.id,
      title: service.title,
      hint: service.hint,
      icon: service.icon,
      available: reason === null,
      unavailableReason: reason,
    };
  };
  const needsMissingLink = (service: ServiceDefinition) =>
    !options.isOnline() && service.pages.some((page) => page.id === service.start && page.needsLink);

  const makeView = (): KioskView => ({
    revision,
    session: sessionNo,
    terminal: { ...options.terminal, online: options.isOnline(), now: new Date(options.nowMs()).toISOString() },
    settings,
    title: journey?.title ?? null,
    step: journey?.step ?? null,
    screen: screen(),
    overlay,
    call: call.view(),
    busy: journey?.busy ?? null,
    canGoBack: journey?.canGoBack ?? false,
    canGoHome: canGoHome(),
  });
  const canGoHome = () => journey !== null && !journey.holdsMoney;

  const journeyView = (): JourneyView => {
    const shown = screen();
    const { answers, fields, moves, controllable } = helpOf(shown, {
      canGoBack: journey?.canGoBack ?? false,
      canGoHome: canGoHome(),
    });
    return {
      revision,
      journeyId: journey?.journeyId ?? null,
      serviceId: journey?.serviceId ?? null,
      title: journey?.title ?? null,
      screen: shown.kind,
      step: journey?.step ?? null,
      language: settings.language,
      accountNo: accountOn(shown),
      answers,
      fields,
      moves,
      controllable: controllable && journey?.holdsMoney !== true,
      busy: (journey?.busy ?? null) !== null,
    };
  };

  const place = () => placeOf(sessionNo, visit, screen());

  const changed = () => {
    // A page that is being made is shown when it is whole.
    if (disposed || journey?.making) return;
    revision += 1;
    const view = makeView();
    places.shown(revision, place());
    for (const listener of listeners) listener(view);
    call.journeyChanged();
  };

  // A journey ---------------------------------------------------------------------------------------------------------

  const startService = (serviceId: string) => {
    const definition = options.services.find((service) => service.id === serviceId);
    if (!definition) return;
    if (needsMissingLink(definition)) return changed();
    atHome = false;
    const begun = createJourney({
      definition,
      support: options,
      settings: () => settings,
      onPage() {
        visit += 1;
        lastTouchMs = options.nowMs();
      },
      onChange: changed,
      onEnd: (outcome) => void end(outcome, outcome === "left"),
    });
    journey = begun;
    begun.begin();
  };

  /** Ends the journey; `toHome` keeps the session (the customer touched 首页), otherwise everything is wiped. */
  const end = (outcome: string, toHome = false): Promise<void> => {
    journey?.end(outcome);
    journey = null;
    overlay = null;
    visit += 1;
    // Whoever is being helped stays with the agent when one business is done.
    const stays = toHome || (call.isOn() && outcome !== "timed-out" && outcome !== "out-of-service");
    // A terminal that went out of service meanwhile shows that, and begins with nobody's session.
    if (stays && !outOfService) {
      atHome = true;
      changed();
      return Promise.resolve();
    }
    wiping ??= wipe().finally(() => {
      wiping = null;
    });
    return wiping;
  };

  const wipe = async () => {
    call.drop();
    overlay = { kind: "wiping" };
    changed();
    await wipeDevices(options);
    sessionNo += 1;
    visitorKey = options.newId();
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
    if (!journey && !atHome) return;
    // Whoever speaks with an agent, or waits for one, is not idle; a call ends by its own rules.
    if (call.isOn()) lastTouchMs = options.nowMs();
    // Whoever waits for the centre is not idle: their time begins when the answer is there.
    if (journey?.busy) lastTouchMs = options.nowMs();
    const idleMs = options.nowMs() - lastTouchMs;
    if (journey?.holdsMoney) {
      if (overlay?.kind === "timeout") {
        overlay = null;
        changed();
      }
      return;
    }
    if (idleMs >= options.idleMs + options.warningMs) {
      // A half-presented payment code or the like is closed properly first.
      journey?.moneyTimeout();
      void end("timed-out");
    } else if (idleMs >= options.idleMs) {
      overlay = { kind: "timeout", secondsLeft: Math.ceil((options.idleMs + options.warningMs - idleMs) / 1000) };
      changed();
    }
  };
  const timer = setInterval(tick, 500);
  const stopOnline = options.onOnline(() => {
    changed();
    call.linkChanged();
  });
  const stopDevices = allPorts(ports).map((port) => port.onChange(changed));

  // Actions -----------------------------------------------------------------------------------------------------------

  const act = (action: CustomerAction, seenRevision: number) => {
    if (disposed || wiping) return;
    lastTouchMs = options.nowMs();
    // Whatever was touched, somebody is there.
    if (overlay?.kind === "timeout") {
      overlay = null;
      changed();
    }
    if (!stillMeant(action, places.at(seenRevision), place())) return;
    switch (action.type) {
      case "touch":
        return;
      case "start":
        if (journey || atHome || outOfService || recovery?.state === "working") return;
        recovery = null;
        atHome = true;
        visit += 1;
        return changed();
      case "settings":
        settings = action.settings;
        return changed();
      case "help":
        // From the signage too: whoever cannot even begin needs it most.
        if (!journey && !atHome && !recovery && !outOfService) {
          atHome = true;
          visit += 1;
        }
        return call.open();
      case "close-overlay":
        overlay = null;
        return changed();
      case "done":
        if (recovery?.state !== "settled") break;
        recovery = null;
        return void end("acknowledged");
      case "home":
        if (journey && !journey.holdsMoney) void end("left", true);
        else if (atHome) {
          // Leaving home is leaving: the call goes with it.
          call.drop();
          void end("left");
        }
        return;
      case "back":
        return journey?.back();
      case "service":
        if (atHome) startService(action.serviceId);
        return;
      default:
        break;
    }
    if (call.act(action)) return;
    if (journey && !journey.act(action)) changed();
  };

  places.shown(revision, place());

  return {
    view: makeView,
    onView(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    act,
    call,
    isBusy: () => journey !== null || atHome || recovery?.state === "working",
    setOutOfService(reason) {
      if (JSON.stringify(reason) === JSON.stringify(outOfService)) return;
      outOfService = reason;
      if (reason && atHome && !journey) void end("out-of-service");
      changed();
    },
    async start() {
      recovery = await recoverInterrupted(options, (working) => {
        recovery = working;
        changed();
      });
      lastTouchMs = options.nowMs();
      outOfService = null;
      changed();
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      clearInterval(timer);
      stopOnline();
      for (const stop of stopDevices) stop();
      call.dispose();
      journey?.abandon();
      await wiping;
    },
  };
}

/** The account that is open on a page, where one is. */
function accountOn(screen: Screen): string | null {
  switch (screen.kind) {
    case "account":
    case "bills":
      return screen.overview.accountNo;
    case "bill":
      return screen.bill.accountNo;
    case "payments":
    case "amount":
    case "result":
      return screen.account.accountNo;
    default:
      return null;
  }
}
