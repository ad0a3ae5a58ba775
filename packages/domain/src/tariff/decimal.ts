/**
 * Exact decimals: an integer and a count of decimal places, nothing else. Every quantity, price and amount of the
 * tariff engine is one; floating point never touches them, and whatever is divided is rounded in the same step.
 */
export interface Dec {
  /** The value times 10^scale. */
  readonly units: bigint;
  readonly scale: number;
}

const POWERS: bigint[] = [1n];
function power(exponent: number): bigint {
  for (let next = POWERS.length; next <= exponent; next += 1) POWERS.push((POWERS[next - 1] ?? 1n) * 10n);
  return POWERS[exponent] ?? 1n;
}

const SYNTAX = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Reads `"0.856032"`, `12`, `-3n`. A JSON number is read by its shortest decimal form, which is what its author wrote.
 * Throws `RangeError` for anything that is not a finite decimal.
 */
export function dec(value: string | number | bigint): Dec {
  if (typeof value === "bigint") return { units: value, scale: 0 };
  if (typeof value === "number" && Number.isSafeInteger(value)) return { units: BigInt(value), scale: 0 };
  const parts = SYNTAX.exec(String(value).trim());
  if (!parts) throw new RangeError(`not a decimal number: ${String(value)}`);
  const [, sign = "", whole = "0", fraction = "", exponent = "0"] = parts;
  const digits = BigInt(whole + fraction);
  const scale = fraction.length - Number(exponent);
  const units = sign === "-" ? -digits : digits;
  return scale >= 0 ? { units, scale } : { units: units * power(-scale), scale: 0 };
}

export const ZERO: Dec = { units: 0n, scale: 0 };
export const ONE: Dec = { units: 1n, scale: 0 };
export const HUNDRED: Dec = { units: 100n, scale: 0 };

/** The units of `value` at a scale that is not smaller than its own. */
function at(value: Dec, scale: number): bigint {
  return value.scale === scale ? value.units : value.units * power(scale - value.scale);
}

export function add(a: Dec, b: Dec): Dec {
  if (a.scale === b.scale) return { units: a.units + b.units, scale: a.scale };
  const scale = Math.max(a.scale, b.scale);
  return { units: at(a, scale) + at(b, scale), scale };
}

export function sub(a: Dec, b: Dec): Dec {
  return add(a, neg(b));
}

export function mul(a: Dec, b: Dec): Dec {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

export function neg(a: Dec): Dec {
  return { units: -a.units, scale: a.scale };
}

export function abs(a: Dec): Dec {
  return a.units < 0n ? neg(a) : a;
}

export function sum(values: Iterable<Dec>): Dec {
  let total = ZERO;
  for (const value of values) total = add(total, value);
  return total;
}

/** Negative, zero or positive as `a` is below, at or above `b`. */
export function compare(a: Dec, b: Dec): number {
  const scale = Math.max(a.scale, b.scale);
  const left = at(a, scale);
  const right = at(b, scale);
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

export function min(a: Dec, b: Dec): Dec {
  return compare(a, b) <= 0 ? a : b;
}

export function max(a: Dec, b: Dec): Dec {
  return compare(a, b) >= 0 ? a : b;
}

export function sign(a: Dec): number {
  if (a.units === 0n) return 0;
  return a.units < 0n ? -1 : 1;
}

/** Integer quotient, halves away from zero: 四舍五入 as bills do it, the same for refunds. */
function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  if (denominator === 0n) throw new RangeError("division by zero");
  const negative = numerator < 0n !== denominator < 0n;
  const top = numerator < 0n ? -numerator : numerator;
  const bottom = denominator < 0n ? -denominator : denominator;
  const quotient = (2n * top + bottom) / (2n * bottom);
  return negative ? -quotient : quotient;
}

/** `a / b`, rounded half up to `decimals` places in one step. */
export function divide(a: Dec, b: Dec, decimals: number): Dec {
  // a / b · 10^decimals = a.units · 10^(b.scale + decimals) / (b.units · 10^a.scale)
  const units = divideHalfUp(a.units * power(b.scale + decimals), b.units * power(a.scale));
  return { units, scale: decimals };
}

export function round(a: Dec, decimals: number): Dec {
  if (a.scale <= decimals) return a;
  return { units: divideHalfUp(a.units, power(a.scale - decimals)), scale: decimals };
}

/** Yuan → whole fen, half up. */
export function toFen(yuan: Dec): number {
  return Number(at(round(yuan, 2), 2));
}

export function fromFen(fen: number): Dec {
  return { units: BigInt(fen), scale: 2 };
}

/** The shortest plain form: `655.5`, `0.858`, `-130.4`. */
export function show(a: Dec): string {
  if (a.units < 9_007_199_254_740_992n && a.units > -9_007_199_254_740_992n) return showSmall(Number(a.units), a.scale);
  const negative = a.units < 0n;
  const digits = (negative ? -a.units : a.units).toString().padStart(a.scale + 1, "0");
  let text = digits;
  if (a.scale > 0) {
    const whole = digits.slice(0, -a.scale);
    const fraction = digits.slice(-a.scale).replace(/0+$/, "");
    text = fraction === "" ? whole : `${whole}.${fraction}`;
  }
  return negative && a.units !== 0n ? `-${text}` : text;
}

/** As `show`, for what an integer number holds exactly: bills are full of these. */
function showSmall(value: number, places: number): string {
  let units = Math.abs(value);
  let scale = places;
  while (scale > 0 && units % 10 === 0) {
    units /= 10;
    scale -= 1;
  }
  const digits = String(units);
  const text =
    scale === 0
      ? digits
      : digits.length > scale
        ? `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
        : `0.${digits.padStart(scale, "0")}`;
  return value < 0 ? `-${text}` : text;
}

/** The form with exactly `decimals` places (rounded): `0.90`. */
export function showFixed(a: Dec, decimals: number): string {
  const units = at(round(a, decimals), decimals);
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0");
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return units < 0n ? `-${text}` : text;
}
