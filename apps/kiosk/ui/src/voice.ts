import type { Language } from "./i18n/dictionary.ts";

/** Says `text` instead of whatever is being said. Silent where the browser has no voices (requirement S4). */
export function speak(text: string, language: Language): void {
  if (typeof speechSynthesis === "undefined" || typeof SpeechSynthesisUtterance === "undefined") return;
  speechSynthesis.cancel();
  if (text === "") return;
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = language === "zh-CN" ? "zh-CN" : "en-US";
  utterance.rate = 0.95;
  speechSynthesis.speak(utterance);
}

export function hush(): void {
  if (typeof speechSynthesis !== "undefined") speechSynthesis.cancel();
}
