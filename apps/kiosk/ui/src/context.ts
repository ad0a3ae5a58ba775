import type { Text } from "@gridhall/domain/catalogue/schema.ts";
import type { CustomerAction, KioskView, Message } from "@gridhall/domain/kiosk/view.ts";
import { createContext, useContext, useState } from "react";
import { type Language, type Params, pickText, sayMessage, translate } from "./i18n/dictionary.ts";
import type { TextKey } from "./i18n/zh.ts";

export interface Kiosk {
  view: KioskView;
  act(action: CustomerAction): void;
  /** Small things that a page remembers as long as this customer is here (`useRemembered`). */
  memory: Map<string, unknown>;
}

export const KioskContext = createContext<Kiosk | null>(null);

export function useKiosk(): Kiosk {
  const kiosk = useContext(KioskContext);
  if (!kiosk) throw new Error("useKiosk outside of KioskContext");
  return kiosk;
}

export interface Words {
  language: Language;
  t(key: TextKey, params?: Params): string;
  say(message: Message): string;
  pick(text: Text): string;
}

export function useWords(): Words {
  const { language } = useKiosk().view.settings;
  return {
    language,
    t: (key, params) => translate(language, key, params),
    say: (message) => sayMessage(language, message),
    pick: (text) => pickText(language, text),
  };
}

/** State that outlives the page but not the customer: where one was in a list, when one comes back to it. */
export function useRemembered<T>(key: string, initial: T): [T, (value: T) => void] {
  const { memory } = useKiosk();
  const [value, setValue] = useState<T>(() => (memory.has(key) ? (memory.get(key) as T) : initial));
  return [
    value,
    (next) => {
      memory.set(key, next);
      setValue(next);
    },
  ];
}
