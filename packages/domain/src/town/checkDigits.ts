/** Check characters of the numbers that a town is full of. */

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Last character of a resident ID number from its first 17 digits (GB 11643, ISO 7064 MOD 11-2). */
export function idCheckCharacter(digits17: string): string {
  let sum = 0;
  for (let index = 0; index < 17; index += 1) sum += Number(digits17[index]) * (ID_WEIGHTS[index] ?? 0);
  return "10X98765432"[sum % 11] ?? "";
}

export function isResidentId(idNo: string): boolean {
  return /^\d{17}[\dX]$/.test(idNo) && idCheckCharacter(idNo.slice(0, 17)) === idNo[17];
}

/** Last digit of an account number from the digits before it (ISO 7064 MOD 11,10, as GB/T 17710). */
export function accountCheckDigit(digits: string): string {
  let product = 10;
  for (const digit of digits) {
    const sum = (product + Number(digit)) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return String((11 - product) % 10);
}

export function isAccountNo(text: string): boolean {
  return /^\d{13}$/.test(text) && accountCheckDigit(text.slice(0, 12)) === text[12];
}

const CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

/** Check character of an organisation code from its first eight (GB 11714). */
export function organisationCheckCharacter(code8: string): string {
  let sum = 0;
  for (let index = 0; index < 8; index += 1) sum += Number(code8[index]) * (ORGANISATION_WEIGHTS[index] ?? 0);
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? "X" : String(check);
}

/** Last character of a unified social credit code from its first 17 (GB 32100). */
export function creditCheckCharacter(code17: string): string {
  let sum = 0;
  for (let index = 0; index < 17; index += 1) {
    sum += CREDIT_ALPHABET.indexOf(code17[index] ?? "") * (CREDIT_WEIGHTS[index] ?? 0);
  }
  return CREDIT_ALPHABET[(31 - (sum % 31)) % 31] ?? "";
}

export function isCreditCode(code: string): boolean {
  return /^[0-9A-HJ-NPQRTUWXY]{18}$/.test(code) && creditCheckCharacter(code.slice(0, 17)) === code[17];
}
