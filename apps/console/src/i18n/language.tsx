import { useMemo, useSyncExternalStore } from "react";
import { en } from "./en.ts";
import { type TextKey, zh } from "./zh.ts";

export type Language = "zh-CN" | "en";
const STORED_AS = "gridhall.language";

let language: Language = globalThis.localStorage?.getItem(STORED_AS) === "en" ? "en" : "zh-CN";
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
if (globalThis.document) document.documentElement.lang = language;

export function setLanguage(next: Language): void {
  language = next;
  localStorage.setItem(STORED_AS, next);
  document.documentElement.lang = next;
  for (const listener of listeners) listener();
}

export interface Words {
  language: Language;
  /** Text of the dictionary with its `{gaps}` filled in. */
  t(key: TextKey, gaps?: Readonly<Record<string, string | number>>): string;
  /** Words for a code of the API (`code("payment-state", "credited")`); an unknown code is shown as it is. */
  code(group: string, value: string): string;
  /** The one of two names that fits the language. */
  pick(nameZh: string, nameEn: string): string;
}

const isKey = (key: string): key is TextKey => Object.hasOwn(zh, key);

export function wordsOf(language: Language): Words {
  const dictionary: Readonly<Record<TextKey, string>> = language === "en" ? en : zh;
  return {
    language,
    t: (key, gaps = {}) => dictionary[key].replaceAll(/\{(\w+)\}/g, (gap, name: string) => String(gaps[name] ?? gap)),
    code: (group, value) => {
      const key = `${group}.${value}`;
      return isKey(key) ? dictionary[key] : value;
    },
    pick: (nameZh, nameEn) => (language === "en" ? nameEn : nameZh),
  };
}

export function useWords(): Words {
  const current = useSyncExternalStore(subscribe, () => language);
  return useMemo(() => wordsOf(current), [current]);
}
