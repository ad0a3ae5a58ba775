import { z } from "zod";
import { createRandom } from "../faults/random.ts";

const date = z.string().regex(/^\d{8}$/, "YYYYMMDD");

/** What is stored in a resident ID card; the lengths are those of the card's fields. */
export const Person = z.object({
  name: z.string().min(1).max(15),
  sexCode: z.enum(["0", "1", "2", "9"]),
  ethnicityCode: z.string().regex(/^\d{2}$/),
  birthDate: date,
  address: z.string().min(1).max(35),
  idNumber: z.string().regex(/^\d{17}[\dX]$/),
  issuer: z.string().min(1).max(15),
  validFrom: date,
  validTo: z.union([date, z.literal("长期")]),
});
export type Person = z.infer<typeof Person>;

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** GB 11643: the check character of the first 17 digits. */
export const checkCharacter = (first17: string): string => {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(first17[index] ?? 0), 0);
  return "10X98765432"[sum % 11] ?? "0";
};

const withCheck = (first17: string): string => first17 + checkCharacter(first17);

/** Invented people, with check digits that are right. */
export const persons: Readonly<Record<string, Person>> = {
  wang: {
    name: "王秀英",
    sexCode: "2",
    ethnicityCode: "01",
    birthDate: "19580312",
    address: "天津市河西区友谊路31号5门402室",
    idNumber: withCheck("12010319580312002"),
    issuer: "天津市公安局河西分局",
    validFrom: "20150601",
    validTo: "长期",
  },
  li: {
    name: "李建国",
    sexCode: "1",
    ethnicityCode: "01",
    birthDate: "19791120",
    address: "天津市南开区鞍山西道58号2号楼1101室",
    idNumber: withCheck("12010419791120153"),
    issuer: "天津市公安局南开分局",
    validFrom: "20200318",
    validTo: "20400318",
  },
  aisin: {
    name: "阿依古丽·买买提",
    sexCode: "2",
    ethnicityCode: "05",
    birthDate: "19960705",
    address: "新疆维吾尔自治区喀什市色满路212号",
    idNumber: withCheck("65310119960705208"),
    issuer: "喀什市公安局",
    validFrom: "20220110",
    validTo: "20320110",
  },
};

/** Stands for the WLT-compressed photo: 1024 bytes that depend on the person only. */
export const photoOf = (person: Person): Buffer => {
  const seed = Buffer.from(person.idNumber).reduce((sum, byte) => Math.imul(sum, 31) + byte, 7);
  const random = createRandom(seed);
  const photo = Buffer.from(Array.from({ length: 1024 }, () => Math.floor(random() * 256)));
  photo.write("WLf", "latin1");
  return photo;
};
