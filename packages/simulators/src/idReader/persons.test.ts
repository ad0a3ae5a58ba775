import { expect, test } from "vitest";
import { checkCharacter, Person, persons } from "./persons.ts";
import { cardBlock } from "./sdt.ts";

test("the check character is that of GB 11643's example", () => {
  expect(checkCharacter("11010519491231002")).toBe("X");
});

test("the invented people's cards are such as exist", () => {
  for (const person of Object.values(persons)) {
    expect(Person.parse(person)).toEqual(person);
    expect(person.idNumber.slice(6, 14)).toBe(person.birthDate);
    expect(cardBlock(person)).toHaveLength(4 + 256 + 1024);
  }
});
