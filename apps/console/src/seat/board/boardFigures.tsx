import type { Wallboard } from "@gridhall/domain/seats/api.ts";
import { useWords } from "../../i18n/language.tsx";
import { pressureOfLevel, pressureOfWait, stopwatch, type Pressure } from "../seatTime.ts";

/** The figures that are read from across the room. */
export function BoardFigures({ board }: { board: Wallboard }) {
  const { t } = useWords();
  const count = board.waiting.length;
  return (
    <section className="board-figures" aria-label={t("board.figures")}>
      <Big label={t("board.waiting")} value={String(count)} pressure={count === 0 ? "calm" : "long"} name="waiting" />
      <Big
        label={t("board.longest-wait")}
        value={stopwatch(board.longestWaitMs)}
        pressure={count === 0 ? "calm" : pressureOfWait(board.longestWaitMs)}
        name="longest-wait"
      />
      <Big label={t("board.talking")} value={String(board.calls.length)} pressure="calm" name="calls" />
      <Big
        label={t("board.ready")}
        value={String(board.byState["ready"] ?? 0)}
        pressure={(board.byState["ready"] ?? 0) === 0 ? (count > 0 ? "too-long" : "long") : "calm"}
        name="ready"
      />
      <Level label={t("board.last30")} of={board.last30} />
      <Level label={t("board.today")} of={board.today} />
    </section>
  );
}

function Big({ label, value, pressure, name }: { label: string; value: string; pressure: Pressure; name: string }) {
  return (
    <div className={`big ${pressure}`} data-figure={name}>
      <span>{label}</span>
      <b className="figure">{value}</b>
    </div>
  );
}

function Level({ label, of }: { label: string; of: Wallboard["today"] }) {
  const { t } = useWords();
  const share = (value: number | null) => (value === null ? t("none") : `${Math.round(value * 100)}%`);
  return (
    <div className={`big level-figures ${pressureOfLevel(of.serviceLevel20)}`}>
      <span>{t("board.level", { period: label })}</span>
      <div>
        <b className="figure">
          {share(of.serviceLevel20)}
          <small>20 s</small>
        </b>
        <b className="figure second">
          {share(of.serviceLevel12)}
          <small>12 s</small>
        </b>
      </div>
      <p>{t("board.counts", { offered: of.offered, answered: of.answered, abandoned: of.abandoned })}</p>
    </div>
  );
}
