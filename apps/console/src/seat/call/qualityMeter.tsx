import { useWords } from "../../i18n/language.tsx";
import type { MediaView } from "../media/callMedia.ts";
import { readQuality } from "../media/quality.ts";

/** Round trip, loss, rates: the words say what the colour says. */
export function QualityMeter({ view }: { view: MediaView | null }) {
  const { t } = useWords();
  if (!view) return null;
  if (view.connection !== "connected" || !view.quality)
    return (
      <div
        className={`quality ${view.connection === "reconnecting" ? "poor" : "fair"}`}
        role="status"
        data-testid="quality"
      >
        <b>{t(`media-state.${view.connection}`)}</b>
      </div>
    );
  const screen = view.tracks.find((one) => one.kind === "screen");
  const reading = readQuality(view.quality, screen?.trackId ?? null);
  const none = t("none");
  return (
    <div className={`quality ${reading.grade}`} data-testid="quality" data-grade={reading.grade}>
      <b>{t(`quality.${reading.grade}`)}</b>
      <dl>
        <Line label={t("quality.rtt")} value={reading.rttMs === null ? none : `${Math.round(reading.rttMs)} ms`} />
        <Line
          label={t("quality.loss")}
          value={reading.lossShare === null ? none : `${(reading.lossShare * 100).toFixed(1)} %`}
        />
        <Line label={t("quality.received")} value={`${Math.round(reading.receivedKbps)} kbps`} />
        <Line label={t("quality.sent")} value={`${Math.round(reading.sentKbps)} kbps`} />
        <Line
          label={t("quality.frames")}
          value={reading.framesPerSecond === null ? none : `${Math.round(reading.framesPerSecond)} fps`}
        />
      </dl>
    </div>
  );
}

function Line({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="figure">{value}</dd>
    </div>
  );
}
