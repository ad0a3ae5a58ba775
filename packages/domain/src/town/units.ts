import { UnitId } from "../backoffice/schema.ts";
import type { Hall, KioskSeed, Unit } from "./schema.ts";

/**
 * The organisation of the demo: a fictitious district under Tianjin's tariffs. Names, places and coordinates are
 * invented; nobody is served there.
 */

type Place = readonly [
  path: string,
  kind: Unit["kind"],
  zh: string,
  en: string,
  latitude: number,
  longitude: number,
  addressZh: string,
  addressEn: string,
];

const PLACES: readonly Place[] = [
  [
    "p",
    "province",
    "示范省电力公司",
    "Demo Provincial Power Company",
    39.12,
    117.2,
    "示范省天澜市中心大道1号",
    "1 Zhongxin Avenue, Tianlan",
  ],
  [
    "p.tj",
    "city",
    "天澜市供电公司",
    "Tianlan City Power Supply Company",
    39.1,
    117.23,
    "天澜市滨河路18号",
    "18 Binhe Road, Tianlan",
  ],
  [
    "p.tj.jz",
    "county",
    "静州区供电公司",
    "Jingzhou District Power Supply Company",
    39.042,
    117.412,
    "天澜市静州区光明路66号",
    "66 Guangming Road, Jingzhou",
  ],
  [
    "p.tj.bg",
    "county",
    "滨沽区供电公司",
    "Bingu District Power Supply Company",
    39.021,
    117.655,
    "天澜市滨沽区海兴大街9号",
    "9 Haixing Street, Bingu",
  ],
  [
    "p.tj.jz.s1",
    "station",
    "城关供电所",
    "Chengguan Power Supply Station",
    39.045,
    117.405,
    "静州区城关镇兴业路12号",
    "12 Xingye Road, Chengguan",
  ],
  [
    "p.tj.jz.s2",
    "station",
    "柳河供电所",
    "Liuhe Power Supply Station",
    39.088,
    117.467,
    "静州区柳河镇迎春街3号",
    "3 Yingchun Street, Liuhe",
  ],
  [
    "p.tj.bg.s1",
    "station",
    "海门供电所",
    "Haimen Power Supply Station",
    39.018,
    117.671,
    "滨沽区海门街道港口路27号",
    "27 Gangkou Road, Haimen",
  ],
  [
    "p.tj.bg.s2",
    "station",
    "盐田供电所",
    "Yantian Power Supply Station",
    38.976,
    117.61,
    "滨沽区盐田镇长堤路5号",
    "5 Changdi Road, Yantian",
  ],
  [
    "p.tj.jz.s1.h1",
    "hall",
    "光明路营业厅",
    "Guangming Road Hall",
    39.0421,
    117.4118,
    "静州区光明路66号一层",
    "66 Guangming Road, Jingzhou, ground floor",
  ],
  [
    "p.tj.jz.s1.h2",
    "hall",
    "南门营业厅",
    "South Gate Hall",
    39.0357,
    117.4032,
    "静州区城关镇南门街102号",
    "102 Nanmen Street, Chengguan",
  ],
  [
    "p.tj.jz.s2.h3",
    "hall",
    "柳河营业厅",
    "Liuhe Hall",
    39.0883,
    117.4675,
    "静州区柳河镇迎春街3号",
    "3 Yingchun Street, Liuhe",
  ],
  [
    "p.tj.bg.s1.h4",
    "hall",
    "海兴大街营业厅",
    "Haixing Street Hall",
    39.0212,
    117.6549,
    "滨沽区海兴大街9号",
    "9 Haixing Street, Bingu",
  ],
  [
    "p.tj.bg.s1.h5",
    "hall",
    "港口路营业厅",
    "Gangkou Road Hall",
    39.0178,
    117.6713,
    "滨沽区海门街道港口路27号",
    "27 Gangkou Road, Haimen",
  ],
  [
    "p.tj.bg.s2.h6",
    "hall",
    "盐田营业厅",
    "Yantian Hall",
    38.9764,
    117.6102,
    "滨沽区盐田镇长堤路5号",
    "5 Changdi Road, Yantian",
  ],
];

export const UNITS: readonly Unit[] = PLACES.map(([path, kind, zh, en, latitude, longitude, addressZh, addressEn]) => ({
  unitId: UnitId.parse(path.replaceAll(".", "-")),
  path,
  kind,
  zh,
  en,
  latitude,
  longitude,
  addressZh,
  addressEn,
}));

export const HALLS: readonly Hall[] = UNITS.filter((unit) => unit.kind === "hall").map((unit, index) => ({
  ...unit,
  kind: "hall",
  opensAt: "08:30",
  closesAt: index % 2 === 0 ? "17:30" : "17:00",
  counters: [6, 3, 2, 6, 3, 2][index] ?? 2,
}));

const SECOND_PROFILE: readonly KioskSeed["profile"][] = ["compact", "standard", "outdoor"];

/** Two kiosks in each hall: `k-h1-1` … `k-h6-2`. */
export const KIOSKS: readonly KioskSeed[] = HALLS.flatMap((hall, hallIndex) =>
  [1, 2].map((number): KioskSeed => {
    const profile = number === 1 ? "standard" : (SECOND_PROFILE[hallIndex % 3] ?? "standard");
    return {
      kioskId: `k-${hall.path.slice(hall.path.lastIndexOf(".") + 1)}-${number}`,
      hallId: hall.unitId,
      unitPath: hall.path,
      zh: `${hall.zh}${number}号自助终端`,
      en: `${hall.en}, kiosk ${number}`,
      profile,
    };
  }),
);
