import type { Message } from "@gridhall/domain/kiosk/view.ts";
import { isMessage, type PageContext } from "./page.ts";

/** A page's questions to the centre: a failed one is said to the customer and can be asked again. */
export interface Questions {
  /** Asks under a "please wait"; `then` is only called with an answer, and only while the page is shown. */
  ask<T>(wait: Message, work: () => Promise<T>, then: (answer: T) => void): void;
  /** Why the last question failed. */
  problem(): Message | null;
  /** Asks the failed question once more; false where none failed. */
  retry(): boolean;
}

export function createQuestions(context: Pick<PageContext, "busy" | "changed" | "signal">): Questions {
  let failed: { problem: Message; again(): void } | null = null;
  const questions: Questions = {
    ask(wait, work, then) {
      failed = null;
      void context.busy(wait, work).then((answer) => {
        if (context.signal.aborted) return;
        if (!isMessage(answer)) return then(answer);
        failed = { problem: answer, again: () => questions.ask(wait, work, then) };
        context.changed();
      });
    },
    problem: () => failed?.problem ?? null,
    retry() {
      failed?.again();
      return failed !== null;
    },
  };
  return questions;
}
