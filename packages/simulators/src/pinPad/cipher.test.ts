import { expect, test } from "vitest";
import { cbc, cmac, encryptBlock, kcvOf } from "./cipher.ts";
import { formatFour, formatZero } from "./pinBlock.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

test("SM4 encrypts the standard's example (GB/T 32907, A.1)", () => {
  const key = hex("0123456789ABCDEFFEDCBA9876543210");
  expect(encryptBlock("sm4", key, key).toString("hex")).toBe("681edf34d206965e86b3e94f536e4246");
});

test("CMAC agrees with the examples of RFC 4493", () => {
  const key = hex("2b7e151628aed2a6abf7158809cf4f3c");
  expect(cmac("aes", key, Buffer.alloc(0)).toString("hex")).toBe("bb1d6929e95937287fa37d129b756746");
  expect(cmac("aes", key, hex("6bc1bee22e409f96e93d7e117393172a")).toString("hex")).toBe(
    "070a16b46b4d4144f79bdd9dd04a287c",
  );
  const forty = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411");
  expect(cmac("aes", key, forty).toString("hex")).toBe("dfa66747de9ae63030ca32611497c827");
});

test("CBC agrees with NIST SP 800-38A, F.2.1, both ways", () => {
  const key = hex("2b7e151628aed2a6abf7158809cf4f3c");
  const iv = hex("000102030405060708090a0b0c0d0e0f");
  const clear = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
  const closed = cbc("encrypt", "aes", key, iv, clear);
  expect(closed.toString("hex")).toBe("7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2");
  expect(cbc("decrypt", "aes", key, iv, closed).equals(clear)).toBe(true);
});

test("the check value is the head of an encrypted zero block", () => {
  expect(kcvOf("tdes", hex("0123456789ABCDEFFEDCBA9876543210")).toString("hex")).toBe("08d7b4");
});

test("PIN blocks have the sizes of their formats", () => {
  const key = hex("0123456789ABCDEFFEDCBA9876543210");
  expect(formatZero("1234", "6222021234567890123", key)).toHaveLength(8);
  expect(formatFour("123456", "6222021234567890123", "sm4", key, Buffer.alloc(8, 1))).toHaveLength(16);
});
