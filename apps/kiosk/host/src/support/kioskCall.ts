import { actionOfField, actionOfMove } from "@gridhall/domain/kiosk/help.ts";
import type { CustomerAction, Screen, UiToHost } from "@gridhall/domain/kiosk/view.ts";
import type { MediaToClient } from "@gridhall/domain/media/schema.ts";
import {
  allows,
  CallbackPhone,
  type ConsentLevel,
  type JourneyView,
  type Proposal,
} from "@gridhall/domain/seats/assist.ts";
import type { CallDown, CallProgress, CallUp } from "@gridhall/domain/seats/callLink.ts";
import type { CallPhaseView, CallView } from "@gridhall/domain/seats/callView.ts";
import { CallId } from "@gridhall/domain/seats/schema.ts";
import type { AskCentre } from "./scanPayments.ts";

/** One call of one customer with a remote agent, from the touch on 帮助 to the rating. */
export interface KioskCall {
  view(): CallView | null;
  /** Somebody is spoken with or waited for: the session does not time out meanwhile. */
  isOn(): boolean;
  /** The customer touched 帮助. */
  open(): void;
  /** False: not an action of the call. */
  act(action: CustomerAction): boolean;
  fromUi(message: Extract<UiToHost, { type: "media-join" | "media" | "devices" | "page-map" }>): void;
  fromCentre(message: CallDown): void;
  onMedia(listener: (message: MediaToClient) => void): () => void;
  /** The page or its answers have changed. */
  journeyChanged(): void;
  /** The link came or went. */
  linkChanged(): void;
  /** The session is over: whoever is on the line is let go. */
  drop(): void;
  dispose(): void;
}

export interface KioskCallOptions {
  ask: AskCentre;
  send(message: CallUp): void;
  isOnline(): boolean;
  nowMs(): number;
  newId(): string;
  changed(): void;
  /** What the agent follows as data. */
  journey(): JourneyView;
  screen(): Screen;
  ways(): { canGoBack: boolean; canGoHome: boolean };
  /** Carries out what the customer allowed, as if the customer had touched it. */
  perform(action: CustomerAction): void;
  about(): {
    service: string | null;
    journeyId: string | null;
    customerKey: string;
    accountNo: string | null;
    elderly: boolean;
    language: "zh-CN" | "en";
  };
  trace(type: string, detail: Record<string, unknown>): void;
  onError(cause: unknown): void;
}

const ALIVE_MS = 2_000;
const JOURNEY_SETTLE_MS = 80;
const THANKS_MS = 4_000;
const RATING_PATIENCE_MS = 30_000;
const POINTER_LIFE_MS = 6_000;

interface State {
  callId: CallId | null;
  phase: CallPhaseView;
  consent: ConsentLevel;
  recording: boolean;
  /** What the customer agreed to; `recording` is what the centre says is happening. */
  recordingAllowed: boolean;
  proposal: Proposal | null;
  shared: CallView["shared"];
  pointer: CallView["pointer"];
  highlight: string | null;
  media: CallView["media"];
}

export function createKioskCall(options: KioskCallOptions): KioskCall {
  const mediaListeners = new Set<(message: MediaToClient) => void>();
  let state: State | null = null;
  let settle: NodeJS.Timeout | null = null;
  let closing: NodeJS.Timeout | null = null;
  let pointing: NodeJS.Timeout | null = null;
  const clear = (timer: NodeJS.Timeout | null): null => {
    if (timer) clearTimeout(timer);
    return null;
  };
  const set = (part: Partial<State>): void => {
    if (!state) return;
    state = { ...state, ...part };
    options.changed();
  };
  const close = (): void => {
    if (!state) return;
    closing = clear(closing);
    pointing = clear(pointing);
    state = null;
    options.changed();
  };
  const closeIn = (ms: number): void => {
    closing = clear(closing);
    closing = setTimeout(close, ms);
  };
  const isOn = (): boolean =>
    state?.callId != null &&
    ["waiting", "connecting", "talking", "held", "interrupted", "nobody", "callback-form", "message-form"].includes(
      state.phase.name,
    );
  const sendUp = (message: CallUp): void => {
    if (isOn()) options.send(message);
  };

  // Asking and leaving -------------------------------------------------------------------------------------------------

  const start = async (screen: boolean, recording: boolean): Promise<void> => {
    if (!state || state.phase.name !== "offer") return;
    if (!options.isOnline()) return set({ phase: { name: "offer", online: false } });
    const callId = CallId.parse(`c-${options.newId()}`);
    const consent: ConsentLevel = screen ? "view" : "none";
    set({
      callId,
      consent,
      recordingAllowed: recording,
      phase: { name: "waiting", position: null, expectedWaitMs: null, sinceMs: options.nowMs(), ringing: false },
    });
    options.trace("call.requested", { callId, consent, recording });
    try {
      // The id is ours: asked twice, it is one call.
      await options
        .ask("call.request", { callId, consent, recording, ...options.about() })
        .catch(() => options.ask("call.request", { callId, consent, recording, ...options.about() }));
      sendJourney();
    } catch (cause) {
      options.onError(cause);
      if (view()?.callId !== callId || view()?.phase.name !== "waiting") return;
      tellCentre("call.leave", { callId });
      set({ callId: null, phase: { name: "failed", reason: "link" } });
    }
  };

  /** What must reach the centre but cannot be waited for: once more if it fails, then the centre's own silence limit decides. */
  const tellCentre = (method: string, params: unknown): void => {
    options
      .ask(method, params)
      .catch(() => options.ask(method, params))
      .catch(options.onError);
  };

  const hangUp = (why: string): void => {
    if (!state) return;
    if (state.callId && isOn()) {
      options.trace("call.left", { callId: state.callId, why });
      tellCentre("call.leave", { callId: state.callId });
      // Whoever spoke with somebody is asked how it was; the centre says so.
      if (["talking", "held", "interrupted"].includes(state.phase.name) && why === "customer")
        return set({ phase: { name: "rating" }, proposal: null, shared: null, pointer: null, highlight: null });
    }
    close();
  };

  const leave = async (
    what: "callback" | "message",
    method: string,
    params: Record<string, unknown>,
    back: CallPhaseView,
  ): Promise<void> => {
    if (!state?.callId) return;
    try {
      await options.ask(method, { callId: state.callId, ...params });
      options.trace(`call.${what}-left`, { callId: state.callId });
      set({ phase: { name: "left", what } });
      closeIn(THANKS_MS * 2);
    } catch (cause) {
      options.onError(cause);
      set({ phase: back });
    }
  };

  const setConsent = (consent: ConsentLevel, recordingAllowed: boolean): void => {
    if (!state?.callId) return;
    const seen = allows(consent, "view");
    set({
      consent,
      recordingAllowed,
      pointer: allows(consent, "point") ? state.pointer : null,
      highlight: allows(consent, "point") ? state.highlight : null,
    });
    options.trace("call.consent", { callId: state.callId, consent, recording: recordingAllowed });
    tellCentre("call.consent", { callId: state.callId, consent, recording: recordingAllowed });
    if (seen) sendJourney();
  };

  // Proposals ----------------------------------------------------------------------------------------------------------

  const answer = (proposalId: string, accept: boolean): void => {
    const proposal = state?.proposal;
    if (!state?.callId || proposal?.proposalId !== proposalId) return;
    const { callId } = state;
    const say = (result: Extract<CallUp, { type: "proposal-answered" }>["answer"]): void => {
      options.trace("call.proposal-answered", { callId, kind: proposal.kind, answer: result });
      sendUp({ type: "proposal-answered", callId, proposalId, answer: result });
    };
    state = { ...state, proposal: null };
    if (!accept) say("declined");
    else
      switch (proposal.kind) {
        case "consent":
          say("accepted");
          return setConsent(proposal.level, state.recordingAllowed);
        case "recording":
          say("accepted");
          return setConsent(state.consent, true);
        case "field":
        case "move": {
          const action = actionOf(proposal);
          say(action ? "accepted" : proposal.kind === "field" ? "refused-by-page" : "stale");
          if (action) options.perform(action);
          break;
        }
        default:
          return proposal satisfies never;
      }
    options.changed();
  };

  const actionOf = (
    what: { kind: "field"; field: string; value: string } | { kind: "move"; move: string },
  ): CustomerAction | null =>
    what.kind === "field"
      ? actionOfField(options.screen(), what.field, what.value)
      : actionOfMove(options.screen(), options.ways(), what.move);

  // The centre's word --------------------------------------------------------------------------------------------------

  const follow = (progress: CallProgress, recording: boolean): void => {
    if (!state) return;
    const { phase } = state;
    // Said again with every sign of life: the same word once more is no news.
    if (state.recording === recording && JSON.stringify(phase) === JSON.stringify(progress)) return;
    switch (progress.name) {
      case "over":
        if (progress.rate) {
          if (phase.name === "rating") {
            if (!closing) closeIn(RATING_PATIENCE_MS);
            return;
          }
          set({
            phase: { name: "rating" },
            recording: false,
            proposal: null,
            shared: null,
            pointer: null,
            highlight: null,
          });
          return closeIn(RATING_PATIENCE_MS);
        }
        if (phase.name === "left" || phase.name === "thanks") return;
        return close();
      case "unknown":
        return set({ phase: { name: "failed", reason: "unknown" }, recording: false });
      case "nobody":
        // A form that is being filled in is not taken away.
        if (phase.name === "callback-form" || phase.name === "message-form" || phase.name === "left") return;
        return set({ phase: { name: "nobody", choices: progress.choices } });
      case "waiting":
        if (phase.name === "callback-form" || phase.name === "message-form" || phase.name === "left") return;
        return set({ phase: progress, recording, proposal: null, pointer: null, highlight: null });
      case "connecting":
      case "talking":
      case "held":
      case "interrupted":
        return set({ phase: progress, recording });
      default:
        return progress satisfies never;
    }
  };

  const fromCentre = (message: CallDown): void => {
    if (!state || message.callId !== state.callId) return;
    switch (message.type) {
      case "progress":
        // The end of it was said here already.
        if (["rating", "thanks", "left"].includes(state.phase.name) && message.progress.name !== "over") return;
        if (state.phase.name === "thanks") return;
        return follow(message.progress, message.recording);
      case "media":
        for (const listener of mediaListeners) listener(message.message);
        return;
      case "propose": {
        const { kind } = message.proposal;
        // The centre has asked for leave to propose; the kiosk, which shows it, asks again.
        if ((kind === "field" || kind === "move") && !allows(state.consent, "fill")) return;
        return set({ proposal: message.proposal });
      }
      case "withdraw":
        return state.proposal?.proposalId === message.proposalId ? set({ proposal: null }) : undefined;
      case "share":
        return set({ shared: message.item });
      case "point":
        if (!allows(state.consent, "point")) return;
        pointing = clear(pointing);
        if (message.pointer) pointing = setTimeout(() => set({ pointer: null }), POINTER_LIFE_MS);
        return set({ pointer: message.pointer });
      case "highlight":
        return allows(state.consent, "point") ? set({ highlight: message.elementId }) : undefined;
      case "control": {
        // The centre has asked for consent; the kiosk, which acts, asks again.
        if (!allows(state.consent, "control") || !options.journey().controllable) return;
        const action = actionOf(message.act);
        options.trace("call.controlled", { callId: state.callId, act: message.act.kind, done: action !== null });
        if (action) options.perform(action);
        return;
      }
      default:
        return message satisfies never;
    }
  };

  const sendJourney = (): void => {
    if (!state?.callId || !isOn()) return;
    options.send({ type: "journey", callId: state.callId, journey: options.journey() });
  };
  const journeySoon = (): void => {
    settle ??= setTimeout(() => {
      settle = null;
      sendJourney();
    }, JOURNEY_SETTLE_MS);
  };
  let beats = 0;
  const alive = setInterval(() => {
    if (!state?.callId || !isOn()) return;
    options.send({ type: "alive", callId: state.callId });
    beats += 1;
    // Passing messages may be lost; the page is said again before anybody notices.
    if (beats % 2 === 0) sendJourney();
  }, ALIVE_MS);

  const act = (action: CustomerAction): boolean => {
    switch (action.type) {
      case "call-start":
        void start(action.screen, action.recording);
        return true;
      case "call-end":
        hangUp("customer");
        return true;
      case "call-choose":
        if (state?.callId && (state.phase.name === "nobody" || state.phase.name === "waiting"))
          set({ phase: { name: action.what === "callback" ? "callback-form" : "message-form", problem: null } });
        return true;
      case "call-callback": {
        const wrong: CallPhaseView = { name: "callback-form", problem: "problem.callback-phone" };
        if (!CallbackPhone.safeParse(action.phone).success) set({ phase: wrong });
        else
          void leave(
            "callback",
            "call.callback",
            { phone: action.phone },
            {
              name: "callback-form",
              problem: "problem.call-link",
            },
          );
        return true;
      }
      case "call-message": {
        const { topic, phone } = action;
        if (phone !== null && !CallbackPhone.safeParse(phone).success)
          set({ phase: { name: "message-form", problem: "problem.callback-phone" } });
        else
          void leave(
            "message",
            "call.message",
            { topic, phone },
            { name: "message-form", problem: "problem.call-link" },
          );
        return true;
      }
      case "call-consent":
        if (state) setConsent(action.consent, state.recordingAllowed);
        return true;
      case "call-recording":
        if (state) setConsent(state.consent, action.recording);
        return true;
      case "call-answer":
        answer(action.proposalId, action.accept);
        return true;
      case "call-put-away":
        set({ shared: null });
        return true;
      case "call-rate":
        if (state?.callId && state.phase.name === "rating") {
          tellCentre("call.rate", { callId: state.callId, score: action.score });
          set({ phase: { name: "thanks" } });
          closeIn(THANKS_MS);
        }
        return true;
      default:
        return false;
    }
  };

  const view = (): CallView | null => {
    if (!state) return null;
    const { recordingAllowed: _, ...shown } = state;
    return shown;
  };

  return {
    view,
    isOn,
    open() {
      if (state) return;
      options.trace("help.requested", {});
      state = {
        callId: null,
        phase: { name: "offer", online: options.isOnline() },
        consent: "none",
        recording: false,
        recordingAllowed: false,
        proposal: null,
        shared: null,
        pointer: null,
        highlight: null,
        media: { camera: "ok", microphone: "ok", screen: "ok" },
      };
      options.changed();
    },
    act,
    fromUi(message) {
      if (!state?.callId) return;
      const { callId } = state;
      switch (message.type) {
        case "media-join":
          return sendUp({ type: "media-join", callId });
        case "media":
          return sendUp({ type: "media", callId, message: message.message });
        case "devices": {
          const { camera, microphone, screen } = message;
          set({ media: { camera, microphone, screen } });
          return sendUp({ type: "devices", callId, camera, microphone, screen });
        }
        case "page-map":
          if (allows(state.consent, "view")) sendUp({ type: "page-map", callId, map: message.map });
          return;
        default:
          return message satisfies never;
      }
    },
    fromCentre,
    onMedia(listener) {
      mediaListeners.add(listener);
      return () => mediaListeners.delete(listener);
    },
    journeyChanged: journeySoon,
    linkChanged() {
      if (state?.phase.name === "offer") set({ phase: { name: "offer", online: options.isOnline() } });
      if (options.isOnline()) sendJourney();
    },
    drop: () => hangUp("session-over"),
    dispose() {
      clearInterval(alive);
      settle = clear(settle);
      closing = clear(closing);
      pointing = clear(pointing);
    },
  };
}
