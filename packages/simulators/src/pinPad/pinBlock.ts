import { type Algorithm, encryptBlock, xorOf } from "./cipher.ts";

const pack = (digits: string): Buffer => Buffer.from(digits, "hex");

/** ISO 9564-1 format 0: PIN field xor account field (the 12 right-most PAN digits without the check digit), under TDES. */
export const formatZero = (pin: string, pan: string, key: Uint8Array): Buffer => {
  const pinField = pack(`0${pin.length.toString(16)}${pin}`.padEnd(16, "f"));
  const account = pack(`0000${pan.slice(0, -1).slice(-12).padStart(12, "0")}`);
  return encryptBlock("tdes", key, xorOf(pinField, account));
};

/**
 * ISO 9564-1 format 4: `E(E(PIN field) xor PAN field)`. PIN field: 4, length, digits, fill A, eight random bytes. PAN field:
 * length over 12, the digits, fill 0. Our SM4 profile is the same with SM4 for AES.
 */
export const formatFour = (
  pin: string,
  pan: string,
  algorithm: Algorithm,
  key: Uint8Array,
  random: Uint8Array,
): Buffer => {
  const pinField = Buffer.concat([pack(`4${pin.length.toString(16)}${pin}`.padEnd(16, "a")), random.subarray(0, 8)]);
  const account = pan.padStart(12, "0");
  const panField = pack(`${(account.length - 12).toString(16)}${account}`.padEnd(32, "0"));
  return encryptBlock(algorithm, key, xorOf(encryptBlock(algorithm, key, pinField), panField));
};
