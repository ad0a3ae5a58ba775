import { BellOutlined, MutedOutlined, SoundOutlined } from "@ant-design/icons";
import { Button, Popover, Slider, Switch } from "antd";
import { useWords } from "../../i18n/language.tsx";
import { setRing, tryRing, useRing } from "./ringTone.ts";
import { useNotifyPermission } from "./useRinging.ts";

/** Volume of the ring, off, and notifications. Says so when the browser would not let it sound. */
export function RingControl() {
  const { t } = useWords();
  const ring = useRing();
  const notify = useNotifyPermission();
  const audible = ring.on && ring.volume > 0;
  return (
    <>
      {ring.blocked && ring.on ? (
        <Button size="small" type="primary" danger ghost icon={<SoundOutlined />} onClick={tryRing}>
          {t("ring.blocked")}
        </Button>
      ) : null}
      <Popover
        trigger="click"
        placement="bottomRight"
        title={t("ring.title")}
        content={
          <div className="ring-settings">
            <label>
              <Switch checked={ring.on} onChange={(on) => setRing({ on, volume: ring.volume })} /> {t("ring.on")}
            </label>
            <Slider
              min={0}
              max={1}
              step={0.05}
              value={ring.volume}
              disabled={!ring.on}
              ariaLabelForHandle={t("ring.volume")}
              tooltip={{ formatter: (value) => `${Math.round((value ?? 0) * 100)}%` }}
              onChange={(volume) => setRing({ on: ring.on, volume })}
              onChangeComplete={tryRing}
            />
            <Button size="small" onClick={tryRing} disabled={!ring.on}>
              {t("ring.try")}
            </Button>
            <p className="faint">{t("ring.gesture")}</p>
            {notify.permission === "default" ? (
              <Button size="small" icon={<BellOutlined />} onClick={notify.ask}>
                {t("ring.notify-ask")}
              </Button>
            ) : (
              <p className="faint">{t(`ring.notify-${notify.permission}`)}</p>
            )}
          </div>
        }
      >
        <Button
          type="text"
          icon={audible ? <SoundOutlined /> : <MutedOutlined />}
          aria-label={t(audible ? "ring.title" : "ring.title-off")}
        />
      </Popover>
    </>
  );
}
