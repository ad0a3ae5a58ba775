import { useEffect, useRef } from "react";
import { useWords } from "../context.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

/** Two keypads may be open, the page's and the call's: an external one writes into the one that was opened last. */
const open: object[] = [];

/**
 * The terminal's own number keys: no native field, so no system keyboard and no paste. An external number keypad
 * works too. `value` holds digits only and never more than `maxDigits`.
 */
export function Keypad({
  value,
  maxDigits,
  onChange,
}: {
  value: string;
  maxDigits: number;
  onChange: (value: string) => void;
}) {
  const { t } = useWords();
  const press = (key: string) => {
    if (key === "delete") onChange(value.slice(0, -1));
    else if (key === "clear") onChange("");
    else if (value.length < maxDigits) onChange(value + key);
  };
  const latest = useRef(press);
  useEffect(() => {
    latest.current = press;
  });
  useEffect(() => {
    const own = {};
    open.push(own);
    const listener = (event: KeyboardEvent) => {
      if (open.at(-1) !== own) return;
      if (/^\d$/.test(event.key)) latest.current(event.key);
      else if (event.key === "Backspace") latest.current("delete");
    };
    window.addEventListener("keydown", listener);
    return () => {
      open.splice(open.indexOf(own), 1);
      window.removeEventListener("keydown", listener);
    };
  }, []);
  return (
    <div className="keypad" role="group" aria-label={t("keypad.digits")}>
      {DIGITS.map((digit) => (
        <Button key={digit} action={`key:${digit}`} className="key" onPress={() => press(digit)}>
          {digit}
        </Button>
      ))}
      <Button action="key:clear" className="key key-word" onPress={() => press("clear")}>
        {t("keypad.clear")}
      </Button>
      <Button action="key:0" className="key" onPress={() => press("0")}>
        0
      </Button>
      <Button action="key:delete" className="key key-word" label={t("keypad.delete")} onPress={() => press("delete")}>
        <Icon name="erase" />
      </Button>
    </div>
  );
}
