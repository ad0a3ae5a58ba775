import type { Text } from "@gridhall/domain/catalogue/schema.ts";
import type { Message, Settings } from "@gridhall/domain/kiosk/view.ts";
import { en } from "./en.ts";
import { type TextKey, zh } from "./zh.ts";

export type Language = Settings["language"];
export type Params = Readonly<Record<string, string | number>>;

const dictionaries: Record<Language, Record<TextKey, string>> = { "zh-CN": zh, en };

export function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(zh, key);
}

/** The text of `key` with `{name}`s filled in from `params`; a parameter that is missing stays visible as `{name}`. */
export function translate(language: Language, key: TextKey, params: Params = {}): string {
  return dictionaries[language][key].replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** The host's message in words. One that this UI does not know (a newer host) becomes a general sentence, never a key. */
export function sayMessage(language: Language, message: Message): string {
  return isTextKey(message.key)
    ? translate(language, message.key, message.params)
    : translate(language, "problem.unknown");
}

export function pickText(language: Language, text: Text): string {
  return language === "zh-CN" ? text.zh : text.en;
}
