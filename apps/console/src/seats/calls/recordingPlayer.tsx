import { CaretRightFilled, DownloadOutlined, PauseOutlined } from "@ant-design/icons";
import type { RecordingRow } from "@gridhall/domain/seats/api.ts";
import { Button, Select, Slider, Tag } from "antd";
import { useEffect, useRef, useState } from "react";
import { useWords } from "../../i18n/language.tsx";
import { bytes } from "../../parts/format.ts";
import { Panel } from "../../parts/page.tsx";
import { stopwatch } from "../../seat/seatTime.ts";
import { at } from "../chinaTime.ts";

/** A file further than this from the recording's clock is set right; less than this nobody hears. */
const DRIFT_S = 0.25;
const TICK_MS = 200;
const SPEEDS = [0.5, 1, 1.5, 2];

/**
 * The files of a recording, run in step: one clock for all, each file starts at its offset on it and ends by itself.
 * Files come by ranges, so that a jump reads only what is played.
 */
export function RecordingPlayer({ recording }: { recording: RecordingRow }) {
  const { t, code } = useWords();
  const base = `/api/seats/recordings/${encodeURIComponent(recording.recordingId)}`;
  const videos = useRef(new Map<string, HTMLVideoElement>());
  const lengthMs = Math.max(recording.durationMs, ...recording.files.map((file) => file.offsetMs + file.durationMs), 1);
  const clock = useRef({ atMs: 0, sinceMs: 0 });
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const [shownMs, setShownMs] = useState(0);
  const [broken, setBroken] = useState<readonly string[]>([]);

  const present = () =>
    playing ? clock.current.atMs + (performance.now() - clock.current.sinceMs) * speed : clock.current.atMs;
  const jump = (toMs: number) => {
    clock.current = { atMs: Math.min(lengthMs, Math.max(0, toMs)), sinceMs: performance.now() };
    setShownMs(clock.current.atMs);
  };

  useEffect(() => {
    const step = () => {
      const nowMs = playing
        ? clock.current.atMs + (performance.now() - clock.current.sinceMs) * speed
        : clock.current.atMs;
      if (playing) setShownMs(Math.min(lengthMs, nowMs));
      for (const file of recording.files) {
        const video = videos.current.get(file.file);
        if (!video) continue;
        const own = (nowMs - file.offsetMs) / 1000;
        const isDue = own >= 0 && own * 1000 < file.durationMs;
        video.playbackRate = speed;
        video.dataset["due"] = String(isDue);
        if (!isDue) {
          if (!video.paused) video.pause();
          continue;
        }
        if (Math.abs(video.currentTime - own) > DRIFT_S && video.readyState > 0) video.currentTime = own;
        if (playing && video.paused)
          void video
            .play()
            .catch(() => setBroken((before) => (before.includes(file.file) ? before : [...before, file.file])));
        if (!playing && !video.paused) video.pause();
      }
      if (playing && nowMs >= lengthMs) {
        clock.current = { atMs: lengthMs, sinceMs: performance.now() };
        setPlaying(false);
      }
    };
    step();
    const timer = setInterval(step, TICK_MS);
    return () => clearInterval(timer);
  }, [playing, speed, recording.files, lengthMs]);

  const toggle = () => {
    const nowMs = present();
    clock.current = { atMs: !playing && nowMs >= lengthMs ? 0 : nowMs, sinceMs: performance.now() };
    setPlaying(!playing);
  };
  const changeSpeed = (next: number) => {
    clock.current = { atMs: present(), sinceMs: performance.now() };
    setSpeed(next);
  };
  return (
    <Panel
      title={`${t("recording.title")} · ${at(recording.startedMs)}`}
      extra={
        <span className="tags">
          <Tag
            className="state"
            color={
              recording.state === "complete" ? "success" : recording.state === "running" ? "processing" : "warning"
            }
          >
            {code("recording-state", recording.state)}
          </Tag>
          <Button
            size="small"
            icon={<DownloadOutlined />}
            href={`${base}/export`}
            download
            disabled={recording.state === "running"}
          >
            {t("recording.export", { size: bytes(recording.bytes) })}
          </Button>
        </span>
      }
    >
      {recording.files.length === 0 ? (
        <p className="faint">{t(recording.state === "running" ? "recording.running" : "recording.empty")}</p>
      ) : (
        <div className="player" data-testid="player">
          <div className="tracks">
            {recording.files.map((file) => (
              <figure key={file.file} className={file.kind}>
                <video
                  ref={(element) => {
                    if (element) videos.current.set(file.file, element);
                    else videos.current.delete(file.file);
                  }}
                  src={`${base}/files/${encodeURIComponent(file.file)}`}
                  preload="metadata"
                  playsInline
                  onError={() => setBroken((before) => (before.includes(file.file) ? before : [...before, file.file]))}
                />
                <figcaption>
                  {code("party", file.role)} · {code("track-kind", file.kind)}
                  {broken.includes(file.file) ? <span className="worse"> {t("recording.unplayable")}</span> : null}
                </figcaption>
              </figure>
            ))}
          </div>
          <div className="tools">
            <Button
              type="primary"
              shape="circle"
              icon={playing ? <PauseOutlined /> : <CaretRightFilled />}
              aria-label={t(playing ? "recording.pause" : "recording.play")}
              onClick={toggle}
              data-testid="play"
            />
            <span className="figure">
              {stopwatch(shownMs)} / {stopwatch(lengthMs)}
            </span>
            <Slider
              className="seek"
              min={0}
              max={lengthMs}
              step={100}
              value={shownMs}
              tooltip={{ formatter: (value) => stopwatch(value ?? 0) }}
              onChange={jump}
              ariaLabelForHandle={t("recording.position")}
            />
            <Select
              value={speed}
              onChange={changeSpeed}
              options={SPEEDS.map((value) => ({ value, label: `${value}×` }))}
              aria-label={t("recording.speed")}
            />
          </div>
          <p className="small-print">{t("recording.kept-until", { day: at(recording.deleteAfterMs).slice(0, 10) })}</p>
        </div>
      )}
    </Panel>
  );
}
