import { useKiosk, useWords } from "../context.ts";
import { Icon } from "../parts/icon.tsx";
import { useClock } from "./clock.ts";

export function Header() {
  const { terminal } = useKiosk().view;
  const { t, pick } = useWords();
  const clock = useClock();
  return (
    <header className="header">
      <span className="header-mark">
        <Icon name="bolt" />
      </span>
      <span className="header-hall">{pick(terminal.hall)}</span>
      <span className="header-link" data-online={terminal.online} role="status">
        <Icon name={terminal.online ? "online" : "offline"} />
        <span>{t(terminal.online ? "frame.online" : "frame.offline")}</span>
      </span>
      <span className="header-clock tabular">{clock.time}</span>
    </header>
  );
}
