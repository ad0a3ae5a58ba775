import { Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { useWords } from "../../i18n/language.tsx";
import { canCapture, openDevice, type OwnTrouble, rememberDevice, troubleOf } from "./devices.ts";
import { DevicePicker } from "./devicePicker.tsx";
import { Video } from "./video.tsx";

interface Trial {
  readonly stream: MediaStream | null;
  readonly camera: OwnTrouble;
  readonly microphone: OwnTrouble;
}
const NOTHING: Trial = { stream: null, camera: "off", microphone: "off" };

/** Before the first call: are camera and microphone there, and does the microphone hear anything? */
export function DeviceCheck() {
  const { t, code } = useWords();
  const [trial, setTrial] = useState<Trial>(NOTHING);
  const running = trial.stream !== null;
  const stop = () => {
    for (const track of trial.stream?.getTracks() ?? []) track.stop();
    setTrial(NOTHING);
  };
  const latest = useRef(trial);
  useEffect(() => {
    latest.current = trial;
  }, [trial]);
  useEffect(
    () => () => {
      for (const track of latest.current.stream?.getTracks() ?? []) track.stop();
    },
    [],
  );
  const start = async () => {
    if (!canCapture()) return setTrial({ stream: null, camera: "insecure", microphone: "insecure" });
    for (const track of trial.stream?.getTracks() ?? []) track.stop();
    const [camera, microphone] = await Promise.allSettled([openDevice("camera"), openDevice("microphone")]);
    const tracks = [camera, microphone].flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    setTrial({
      stream: tracks.length > 0 ? new MediaStream(tracks) : null,
      camera: camera.status === "fulfilled" ? "ok" : troubleOf(camera.reason),
      microphone: microphone.status === "fulfilled" ? "ok" : troubleOf(microphone.reason),
    });
  };
  return (
    <section className="panel device-check" aria-label={t("device-check.title")}>
      <div className="panel-head">
        <h2>{t("device-check.title")}</h2>
        <span className="spread" />
        <Button size="small" onClick={running ? stop : () => void start()} data-testid="device-check">
          {t(running ? "device-check.stop" : "device-check.start")}
        </Button>
      </div>
      <div className="device-check-picture">
        {running && trial.camera === "ok" ? (
          <Video stream={trial.stream} className="mirrored" aria-label={t("call.own-video")} />
        ) : (
          <p>{trial.camera === "off" ? t("device-check.hint") : code("own-camera", trial.camera)}</p>
        )}
      </div>
      {trial.microphone === "ok" && trial.stream ? (
        <Level stream={trial.stream} />
      ) : trial.microphone === "off" ? null : (
        <p className="device-trouble">{code("own-microphone", trial.microphone)}</p>
      )}
      <DevicePicker
        onChoose={(kind, deviceId) => {
          rememberDevice(kind, deviceId);
          if (running && kind !== "speaker") void start();
        }}
      />
    </section>
  );
}

const BARS_EVERY_MS = 80;

/** How loud the microphone is, so that one sees that it hears. */
function Level({ stream }: { stream: MediaStream }) {
  const { t } = useWords();
  const [level, setLevel] = useState(0);
  useEffect(() => {
    const audio = new AudioContext();
    const analyser = audio.createAnalyser();
    audio.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
      // −60 dB … 0 dB over the width of the bar.
      setLevel(Math.min(1, Math.max(0, 1 + (10 * Math.log10(power + 1e-9)) / 60)));
    }, BARS_EVERY_MS);
    return () => {
      clearInterval(timer);
      void audio.close();
    };
  }, [stream]);
  return (
    <div
      className="mic-level"
      role="meter"
      aria-label={t("device-check.level")}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(level * 100)}
    >
      <i style={{ width: `${level * 100}%` }} />
    </div>
  );
}
