import { useCallback, useEffect, useState } from "react";
import { BROWSER_KIND, canCapture, chosenDevice, type DeviceKind } from "./devices.ts";

export interface KnownDevice {
  readonly deviceId: string;
  /** Empty until the browser was allowed to use a device: names are withheld before. */
  readonly label: string;
}

/** What is plugged in, kept up to date. */
export function useDevices(): {
  of(kind: DeviceKind): KnownDevice[];
  chosen(kind: DeviceKind): string | null;
  refresh(): void;
} {
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  const refresh = useCallback(() => {
    if (canCapture()) navigator.mediaDevices.enumerateDevices().then(setDevices, () => setDevices([]));
  }, []);
  useEffect(() => {
    refresh();
    if (!canCapture()) return;
    navigator.mediaDevices.addEventListener("devicechange", refresh);
    return () => navigator.mediaDevices.removeEventListener("devicechange", refresh);
  }, [refresh]);
  const of = (kind: DeviceKind) => devices.filter((one) => one.kind === BROWSER_KIND[kind] && one.deviceId !== "");
  return {
    of,
    chosen: (kind) => {
      const wanted = chosenDevice(kind);
      const known = of(kind);
      return known.some((one) => one.deviceId === wanted) ? wanted : (known[0]?.deviceId ?? null);
    },
    refresh,
  };
}
