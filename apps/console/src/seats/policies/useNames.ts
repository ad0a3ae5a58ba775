import type { SeatDirectory } from "@gridhall/domain/seats/api.ts";
import { SERVICES } from "@gridhall/domain/catalogue/services.ts";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { queries } from "../../api/queries.ts";
import { useWords } from "../../i18n/language.tsx";
import { seatQueries } from "../../seat/seatQueries.ts";
import { useMay } from "../../shell/me.ts";
import { type Names, namesOf } from "./policyWords.ts";

interface Choice {
  value: string;
  label: string;
}

export interface Choices {
  readonly names: Names;
  readonly directory: SeatDirectory | undefined;
  readonly units: Choice[];
  readonly halls: (Choice & { unitPath: string })[];
  readonly devices: (Choice & { unitPath: string })[];
  readonly groups: Choice[];
  readonly services: Choice[];
  readonly classes: Choice[];
}

/** As the kiosk and the back office name them; the centre refuses others. */
const CLASSES = ["residential", "business", "industrial", "agricultural", "elderly", "visitor"];

/** What policies may speak of, with names in the reader's language. */
export function useChoices(): Choices {
  const words = useWords();
  const mayRead = useMay("fleet.read");
  const units = useQuery({ ...queries.units(), enabled: mayRead }).data;
  const kiosks = useQuery({ ...queries.kiosks({ limit: 500 }), enabled: mayRead }).data;
  const directory = useQuery(seatQueries.directory()).data;
  return useMemo(() => {
    const { pick, code } = words;
    const places = units ?? [];
    const devices = kiosks ?? [];
    const label = (one: { nameZh: string; nameEn: string }) => pick(one.nameZh, one.nameEn);
    return {
      names: namesOf({ units: places, kiosks: devices, directory }, words),
      directory,
      units: places.map((unit) => ({ value: unit.path, label: label(unit) })),
      halls: places
        .filter((unit) => unit.kind === "hall")
        .map((unit) => ({ value: unit.unitId, label: label(unit), unitPath: unit.path })),
      devices: devices.map((one) => ({ value: one.deviceId, label: label(one), unitPath: one.unitPath })),
      groups: (directory?.groups ?? []).map((group) => ({
        value: group.groupId,
        label: pick(group.title.zh, group.title.en),
      })),
      services: SERVICES.map((service) => ({ value: service.id, label: code("service", service.id) })),
      classes: CLASSES.map((value) => ({ value, label: code("customer-class", value) })),
    };
  }, [units, kiosks, directory, words]);
}
