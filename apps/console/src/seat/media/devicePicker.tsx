import { Select } from "antd";
import { useState } from "react";
import { useWords } from "../../i18n/language.tsx";
import { canCapture, type DeviceKind } from "./devices.ts";
import { useDevices } from "./useDevices.ts";

const KINDS: readonly DeviceKind[] = ["microphone", "speaker", "camera"];

/** Which microphone, loudspeaker and camera are used; remembered at this workplace. */
export function DevicePicker({ onChoose }: { onChoose(kind: DeviceKind, deviceId: string): void }) {
  const { t } = useWords();
  const devices = useDevices();
  const [, setChanges] = useState(0);
  if (!canCapture()) return <p className="faint">{t("own-device.insecure")}</p>;
  return (
    <div className="device-picker">
      {KINDS.map((kind) => {
        const known = devices.of(kind);
        return (
          <label key={kind}>
            <span>{t(`device-kind.${kind}`)}</span>
            <Select
              value={devices.chosen(kind)}
              placeholder={t(known.length === 0 ? "device-kind.none" : "device-kind.default")}
              disabled={known.length === 0}
              aria-label={t(`device-kind.${kind}`)}
              options={known.map((one, index) => ({
                value: one.deviceId,
                label: one.label || t("device-kind.unnamed", { n: index + 1 }),
              }))}
              onOpenChange={(open) => open && devices.refresh()}
              onChange={(deviceId) => {
                if (deviceId === null) return;
                onChoose(kind, deviceId);
                setChanges((n) => n + 1);
              }}
            />
          </label>
        );
      })}
    </div>
  );
}
