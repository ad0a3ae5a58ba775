import type { Holder } from "../backoffice/schema.ts";
import { civilOf, dayOf, two } from "../calendar/day.ts";
import {
  accountCheckDigit,
  creditCheckCharacter,
  idCheckCharacter,
  organisationCheckCharacter,
} from "./checkDigits.ts";
import type { Random } from "./random.ts";
import type { Hall } from "./schema.ts";

/**
 * Invented people. None of the numbers can be anybody's: 99 is no province of GB/T 2260, and 142 is no range of mobile
 * numbers that is in use.
 */

const SURNAMES = Array.from(
  "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎",
);
const FEMALE = Array.from("秀英桂兰玉珍凤霞丽娟敏静淑芬雪梅红艳琴慧婷颖佳怡欣悦思雨梦瑶晓琳芳洁");
const MALE = Array.from("建国志强伟明军勇华平刚辉斌涛超鹏飞浩宇俊杰文博海波东升永福德胜子轩家豪");
const TRADES = [
  ["商贸", "Trading"],
  ["餐饮", "Catering"],
  ["便利店", "Convenience"],
  ["五金", "Hardware"],
  ["汽车服务", "Car Service"],
  ["装饰工程", "Decoration"],
  ["物流", "Logistics"],
  ["图文设计", "Print and Design"],
  ["药房", "Pharmacy"],
  ["水产", "Seafood"],
] as const;
const WORKS = ["精密机械", "包装制品", "塑胶制品", "食品加工", "金属制品", "纺织", "建材", "化工设备"];
const WORDS = [
  "恒信",
  "津源",
  "华泰",
  "鑫隆",
  "同盛",
  "宏达",
  "嘉和",
  "瑞丰",
  "安顺",
  "金桥",
  "博雅",
  "新海",
  "正阳",
  "联创",
  "永利",
  "中诚",
];

/** First birthday given out, and how many days follow it: each person of a town is born on a day of their own. */
const FIRST_BIRTHDAY = dayOf(1945, 1, 1);
const BIRTHDAYS = 21_915;
/** Coprime to the number of birthdays, so that consecutive accounts do not show consecutive days. */
const STRIDE = 9973;

export interface Person {
  readonly name: string;
  readonly idNo: string;
  readonly phone: string;
}

export function residentId(areaCode: string, birthday: number, order: number): string {
  const { year, month, day } = civilOf(birthday);
  const digits = `${areaCode}${year}${two(month)}${two(day)}${String(order).padStart(3, "0")}`;
  return `${digits}${idCheckCharacter(digits)}`;
}

/** The person behind the `index`-th account; unique ID number and phone for up to 21 915 of them. */
export function personOf(random: Random, seed: number, index: number, hallIndex: number): Person {
  const female = random.chance(0.5);
  const given = female ? FEMALE : MALE;
  const name = `${random.pick(SURNAMES)}${random.pick(given)}${random.chance(0.75) ? random.pick(given) : ""}`;
  const birthday = FIRST_BIRTHDAY + (((seed % BIRTHDAYS) + index * STRIDE) % BIRTHDAYS);
  // Odd for men, even for women (GB 11643).
  const order = random.integer(10, 480) * 2 + (female ? 0 : 1);
  const area = hallIndex < 3 ? "990101" : "990102";
  return { name, idNo: residentId(area, birthday, order), phone: phoneOf(seed, index) };
}

function phoneOf(seed: number, index: number): string {
  // The first ten million are the known accounts'.
  return `142${10_000_000 + (((seed % 90_000_000) + index * 7919) % 90_000_000)}`;
}

/** A unified social credit code in the fictitious area 990101. */
export function creditCodeOf(code8: string): string {
  const code17 = `91990101${code8}${organisationCheckCharacter(code8)}`;
  return `${code17}${creditCheckCharacter(code17)}`;
}

/** A company and its authorised person. */
export function companyOf(random: Random, person: Person, index: number, works: boolean): Holder {
  const word = `${random.pick(WORDS)}${random.chance(0.4) ? random.pick(["达", "兴", "盛", "通"]) : ""}`;
  const trade = works ? random.pick(WORKS) : random.pick(TRADES)[0];
  const code8 = String(10_000_000 + index * 37).slice(-8);
  return {
    kind: "organisation",
    name: `天澜${word}${trade}有限公司`,
    idNo: person.idNo,
    creditCode: creditCodeOf(code8),
    phone: person.phone,
  };
}

const STREETS: readonly (readonly string[])[] = [
  ["光明路", "兴业路", "文昌街", "育才路"],
  ["南门街", "古楼大街", "状元巷", "西城根路"],
  ["迎春街", "柳河大街", "桥头路", "果园路"],
  ["海兴大街", "永安路", "朝阳路", "建设三路"],
  ["港口路", "渔市街", "灯塔路", "海门大街"],
  ["长堤路", "盐田街", "芦花路", "新村路"],
];
const ESTATES = [
  "阳光花园",
  "和平里",
  "锦绣家园",
  "翠湖苑",
  "幸福小区",
  "金海湾",
  "学府佳苑",
  "安居里",
  "新兴里",
  "望海楼",
];

export function addressOf(random: Random, hall: Hall, hallIndex: number, shop: boolean): string {
  const district = hall.path.includes(".jz.") ? "静州区" : "滨沽区";
  const street = random.pick(STREETS[hallIndex] ?? ["中心路"]);
  if (shop) return `${district}${street}${random.integer(1, 398)}号`;
  const room = `${random.integer(1, 18)}${two(random.integer(1, 4))}`;
  return `${district}${street}${random.pick(ESTATES)}${random.integer(1, 32)}号楼${random.integer(1, 5)}门${room}室`;
}

/** 13 digits: hall, sequence, check digit. */
export function accountNumber(hallIndex: number, sequence: number): string {
  const digits = `${401 + hallIndex}${String(sequence).padStart(9, "0")}`;
  return `${digits}${accountCheckDigit(digits)}`;
}
