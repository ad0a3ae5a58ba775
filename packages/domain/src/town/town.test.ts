import { describe, expect, test } from "vitest";
import { Account, Bill, Meter, PaymentRecord, Reading } from "../backoffice/schema.ts";
import { lateFeeAsOf } from "../tariff/lateFee.ts";
import { isAccountNo, isCreditCode, isResidentId } from "./checkDigits.ts";
import { generateTown } from "./generate.ts";
import { KNOWN, KNOWN_ONE_UNPAID_FEN } from "./known.ts";
import { type AccountHistory, Hall, KioskSeed, Unit } from "./schema.ts";

const AS_OF = "2026-03-10";
const town = generateTown({ seed: "test", asOf: AS_OF, accounts: 600 });
const histories = [...town.histories()];

function known(name: keyof typeof KNOWN, from: readonly AccountHistory[] = histories): AccountHistory {
  const found = from.find((history) => history.account.accountNo === KNOWN[name].accountNo);
  if (!found) throw new Error(`${name} is not in the town`);
  return found;
}
const unpaidOf = (history: AccountHistory) => history.bills.filter((bill) => bill.status !== "paid");
const sumOf = <T>(items: readonly T[], fen: (item: T) => number) => items.reduce((total, item) => total + fen(item), 0);

describe("[S3] the town's organisation", () => {
  test("has units in a tree, six halls and twelve kiosks, each in its parent", () => {
    const paths = new Set(town.units.map((unit) => unit.path));
    expect(town.units.filter((unit) => unit.kind !== "hall").length).toBeGreaterThanOrEqual(5);
    expect(town.halls).toHaveLength(6);
    expect(town.kiosks).toHaveLength(12);
    expect(new Set(town.kiosks.map((kiosk) => kiosk.kioskId)).size).toBe(12);
    for (const unit of town.units) {
      expect(Unit.safeParse(unit).success).toBe(true);
      const parent = unit.path.slice(0, unit.path.lastIndexOf("."));
      if (unit.kind !== "province") expect(paths).toContain(parent);
    }
    for (const hall of town.halls) expect(Hall.safeParse(hall).success).toBe(true);
    for (const kiosk of town.kiosks) {
      expect(KioskSeed.safeParse(kiosk).success).toBe(true);
      expect(town.halls.find((hall) => hall.unitId === kiosk.hallId)?.path).toBe(kiosk.unitPath);
    }
  });
});

describe("[S3] the town's accounts", () => {
  test("are records of the back office, each with its 24 months", () => {
    for (const { account, meters, readings, bills, payments } of histories) {
      expect(Account.safeParse(account).error).toBeUndefined();
      expect(bills).toHaveLength(24);
      expect(bills.at(-1)?.month).toBe("2026-02");
      for (const meter of meters) expect(Meter.safeParse(meter).error).toBeUndefined();
      for (const reading of readings) expect(Reading.safeParse(reading).error).toBeUndefined();
      for (const bill of bills) expect(Bill.safeParse(bill).error).toBeUndefined();
      for (const payment of payments) expect(PaymentRecord.safeParse(payment).error).toBeUndefined();
    }
  });

  test("are the same for the same seed, and others for another", () => {
    const text = (seed: string) => JSON.stringify([...generateTown({ seed, asOf: AS_OF, accounts: 40 }).histories()]);
    expect(text("test")).toBe(JSON.stringify(histories.slice(0, 40)));
    expect(text("other")).not.toBe(text("test"));
  });

  test("carry numbers with right check digits that belong to nobody, and no number twice", () => {
    const unique = (values: readonly string[]) => expect(new Set(values).size).toBe(values.length);
    for (const { account } of histories) {
      expect(isAccountNo(account.accountNo)).toBe(true);
      expect(isResidentId(account.holder.idNo)).toBe(true);
      expect(account.holder.idNo).toMatch(/^9901/);
      expect(account.holder.phone).toMatch(/^142\d{8}$/);
      if (account.holder.creditCode !== null) expect(isCreditCode(account.holder.creditCode)).toBe(true);
    }
    unique(histories.map(({ account }) => account.accountNo));
    unique(histories.flatMap(({ meters }) => meters.map((meter) => meter.meterNo)));
    unique(histories.flatMap(({ bills }) => bills.map((bill) => bill.id)));
    unique(histories.flatMap(({ payments }) => payments.map((payment) => payment.receiptNo)));
    const invented = histories.slice(Object.keys(KNOWN).length);
    unique(invented.map(({ account }) => account.holder.idNo));
    unique(invented.map(({ account }) => account.holder.phone));
  });

  test("are nine homes in ten, one in seven behind with one to three bills", () => {
    const share = (count: number) => count / histories.length;
    const homes = histories.filter(({ account }) => account.kind === "residential");
    expect(share(homes.length)).toBeGreaterThan(0.86);
    expect(share(homes.length)).toBeLessThan(0.94);
    expect(homes.some(({ account }) => account.plan.timeOfUse)).toBe(true);
    expect(homes.some(({ account }) => account.plan.householdPersons !== null)).toBe(true);
    expect(histories.some(({ account }) => account.plan.twoPart !== null)).toBe(true);
    const behind = histories.filter((history) => unpaidOf(history).length > 0);
    expect(share(behind.length)).toBeGreaterThan(0.11);
    expect(share(behind.length)).toBeLessThan(0.2);
    for (const history of behind) expect(unpaidOf(history).length).toBeLessThanOrEqual(3);
  });
});

describe("[L1] the town's bills", () => {
  test("add up: lines to the total, registers to the energy, months to the year, payments to what is paid", () => {
    for (const { account, readings, bills, payments } of histories) {
      let year = 0n;
      for (const [index, bill] of bills.entries()) {
        expect(sumOf(bill.lines, (line) => line.amountFen)).toBe(bill.totalFen);
        const totals = bill.meterReadings.filter((reading) => reading.register === "total");
        expect(sumOf(totals, (reading) => Math.round(Number(reading.kwh) * 100))).toBe(
          Math.round(Number(bill.usage.totalKwh) * 100),
        );
        for (const meter of totals) {
          const read = readings.filter((reading) => reading.meterNo === meter.meterNo);
          expect(read.some((reading) => Number(reading.total) === Number(meter.to))).toBe(true);
        }
        if (bill.yearToDateKwh !== null) {
          const hundredths = BigInt(Math.round(Number(bill.usage.totalKwh) * 100));
          year =
            index === 0 || bill.month.endsWith("-01")
              ? BigInt(Math.round(Number(bill.yearToDateKwh) * 100))
              : year + hundredths;
          expect(BigInt(Math.round(Number(bill.yearToDateKwh) * 100))).toBe(year);
        }
        const paid = payments.flatMap((payment) => payment.applied).filter((part) => part.billId === bill.id);
        expect(sumOf(paid, (part) => part.principalFen)).toBe(bill.paidFen);
        expect(bill.status).toBe(bill.paidFen === 0 ? "unpaid" : bill.paidFen < bill.totalFen ? "partly-paid" : "paid");
        const late = lateFeeAsOf({
          kind: account.kind,
          unpaidFen: bill.totalFen - bill.paidFen,
          dueOn: bill.dueOn,
          asOf: AS_OF,
        });
        expect(bill.lateFeeFen).toBe(late);
      }
      expect(sumOf(payments, (payment) => payment.prepayFen)).toBe(account.prepaidFen);
      for (const payment of payments) {
        expect(payment.amountFen).toBe(
          sumOf(payment.applied, (part) => part.principalFen + part.lateFeeFen) + payment.prepayFen,
        );
        expect(payment.paidAt.slice(0, 10) <= AS_OF).toBe(true);
      }
    }
  });

  test("come about for every account of a whole town, on any day", () => {
    for (let round = 0; round < Number(process.env["GRIDHALL_EFFORT"] ?? 1); round += 1) {
      const asOf = ["2026-08-01", "2025-01-31", "2027-02-28", "2026-12-31"][round % 4] ?? "2026-08-01";
      let bills = 0;
      for (const history of generateTown({ seed: `round ${round}`, asOf }).histories()) bills += history.bills.length;
      expect(bills).toBe(120_000);
    }
  });

  test("show a meter that was swapped in mid-month as two meters on one bill", () => {
    const swapped = histories.filter(({ meters }) => meters.length === 2);
    expect(swapped.length).toBeGreaterThan(3);
    for (const { meters, bills } of swapped) {
      expect(meters[0]?.removedOn).toBe(meters[1]?.installedOn);
      const both = bills.filter((bill) => new Set(bill.meterReadings.map((reading) => reading.meterNo)).size === 2);
      expect(both).toHaveLength(1);
    }
  });
});

describe("[L1] the known accounts", () => {
  test.each(["2026-03-10", "2026-01-01", "2024-02-29", "2027-12-31"])(
    "are what they promise on %s, whatever the seed",
    (asOf) => {
      const here = [...generateTown({ seed: `seed ${asOf}`, asOf, accounts: Object.keys(KNOWN).length }).histories()];
      const one = unpaidOf(known("oneUnpaid", here));
      expect(one.map((bill) => [bill.totalFen, bill.lateFeeFen, bill.status])).toEqual([
        [KNOWN_ONE_UNPAID_FEN, 0, "unpaid"],
      ]);
      const two = unpaidOf(known("twoOverdue", here));
      expect(two.map((bill) => bill.dueOn < asOf && bill.lateFeeFen > 0)).toEqual([true, true]);
      expect(unpaidOf(known("prepaid", here))).toEqual([]);
      expect(known("prepaid", here).account.prepaidFen).toBe(35_000);
      expect(known("business", here).account.plan.voltage).toBe("<1kV");
      expect(known("largeHousehold", here).bills.at(-1)?.tiers[0]?.limitKwh).toBe("3840");
      expect(known("timeOfUse", here).bills.at(-1)?.usage.valleyKwh).not.toBeNull();
      expect(
        known("industrial", here)
          .bills.at(-1)
          ?.lines.map((line) => line.code),
      ).toEqual(expect.arrayContaining(["demand", "energy-peak", "power-factor"]));
      const shared = here.filter(({ account }) => account.holder.idNo === KNOWN.sharedIdHome.holder.idNo);
      expect(shared.map((history) => unpaidOf(history).length)).toEqual([1, 0, 2]);
    },
  );
});
