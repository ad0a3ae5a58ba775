import { expect, test } from "vitest";
import { successOf, type XfsClient } from "../../client.ts";
import { DeviceError } from "../../drivers/contracts.ts";
import type { CommandName, CommandPayload, EventName } from "../../protocol/messages.ts";
import { createFakeCash } from "../../testing/fakeDrivers.ts";
import { startTestPublisher, until } from "../../testing/testPublisher.ts";

async function startCash() {
  const cash = createFakeCash();
  const publisher = await startTestPublisher({ cash: { create: () => cash.driver } });
  const client = await publisher.client("cash");
  const does = async <N extends CommandName>(name: N, payload: CommandPayload<N>) =>
    successOf(name, await client.send(name, payload));
  return { cash, client, does, [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose]() };
}

/** Sends CashIn and puts a note in as soon as the acceptor asks for it. */
async function cashIn(client: XfsClient, insert: () => void) {
  const asked: EventName[] = [];
  return client.send(
    "CashAcceptor.CashIn",
    {},
    {
      onEvent: (name) => {
        asked.push(name);
        if (name === "CashAcceptor.InsertItemsEvent") insert();
      },
    },
  );
}

test("[T4] a note goes through escrow into the cash box, and counts, evidence and item tell of it", async () => {
  await using set = await startCash();
  const { cash, client, does } = set;
  await does("CashAcceptor.CashInStart", {});
  const taken = await cashIn(client, () => cash.insertNote(10_000));
  expect(taken).toEqual({ completionCode: "success", payload: { items: { type100CNY: { fit: 1 } } } });
  expect(cash.accepting()).toBeNull();
  expect((await does("X-Cash.GetEvidence", {})).escrow).toEqual({ noteId: "N1", denominationFen: 10_000 });

  const stacked = await does("CashAcceptor.CashInEnd", {});
  expect(stacked.storage).toEqual({ unitCashbox: { deposited: { type100CNY: { fit: 1 } } } });
  expect(await does("X-Cash.GetEvidence", {})).toEqual({
    stackedFen: 10_000,
    dispensedFen: 0,
    lastStackedNoteId: "N1",
    escrow: null,
  });
  const { itemsList } = await does("CashManagement.GetItemInfo", {});
  expect(itemsList).toEqual([
    { noteType: "type100CNY", level: "fit", serialNumber: "N1", itemLocation: "unitCashbox" },
  ]);
  const { storage } = await does("Storage.GetStorage", {});
  expect(storage["unitCashbox"]?.cash.status).toMatchObject({
    initial: { unrecognized: 0 },
    in: { deposited: { type100CNY: { fit: 1 } } },
  });
});

test("[T4] a note that is not wanted goes back to the customer", async () => {
  await using set = await startCash();
  const { cash, client, does } = set;
  await does("CashAcceptor.CashInStart", {});
  await cashIn(client, () => cash.insertNote(5_000));
  await does("CashAcceptor.CashInRollback", {});
  expect((await does("X-Cash.GetEvidence", {})).stackedFen).toBe(0);
  expect((await does("CashAcceptor.GetCashInStatus", {})).status).toBe("rollback");
});

test("[T4] a note above the limit is refused, and the next one is taken", async () => {
  await using set = await startCash();
  const { cash, client, does } = set;
  await does("CashAcceptor.CashInStart", { amountLimit: [{ currency: "CNY", value: 20 }] });
  const completion = await cashIn(client, () => {
    cash.insertNote(10_000);
    cash.insertNote(2_000);
  });
  expect(completion.payload).toEqual({ items: { type20CNY: { fit: 1 } } });
  expect(await does("CashAcceptor.GetCashInStatus", {})).toMatchObject({ status: "active", numOfRefused: 1 });
});

test("[T4] [T7] a note left in escrow by a host that died is what the next CashIn answers", async () => {
  await using set = await startCash();
  const { cash, client, does } = set;
  await cash.driver.enableAcceptor([1_000], AbortSignal.timeout(1_000));
  cash.insertNote(1_000);
  await does("CashAcceptor.CashInStart", {});
  expect((await cashIn(client, () => undefined)).payload).toEqual({ items: { type10CNY: { fit: 1 } } });
});

test("[T4] [P3] a note that is told of once more after it was stacked does not end the wait for the next one", async () => {
  await using set = await startCash();
  const { cash, client, does } = set;
  await does("CashAcceptor.CashInStart", {});
  await cashIn(client, () => cash.insertNote(2_000));
  await does("CashAcceptor.CashInEnd", {});
  await does("CashAcceptor.CashInStart", {});
  const second = await cashIn(client, () => {
    cash.emit({ type: "note-escrowed", denominationFen: 2_000, noteId: "N1" });
    setTimeout(() => cash.insertNote(5_000), 50);
  });
  expect(second).toEqual({ completionCode: "success", payload: { items: { type50CNY: { fit: 1 } } } });
});

test("[T4] a note that comes in while the command is being cancelled is not forgotten", async () => {
  await using set = await startCash();
  const { cash, client, does } = set;
  await does("CashAcceptor.CashInStart", {});
  const stop = new AbortController();
  const sent = client.send("CashAcceptor.CashIn", {}, { signal: stop.signal });
  await until(() => cash.accepting() !== null);
  // The device takes it between the cancel and the closing of the acceptor.
  const { disableAcceptor } = cash.driver;
  cash.driver.disableAcceptor = async (signal) => {
    cash.driver.disableAcceptor = disableAcceptor;
    cash.insertNote(500);
    await disableAcceptor(signal);
  };
  stop.abort();
  expect(await sent).toEqual({ completionCode: "success", payload: { items: { type5CNY: { fit: 1 } } } });
});

test("[T4] a cancelled CashIn closes the acceptor and leaves the transaction open for a rollback", async () => {
  await using set = await startCash();
  const { cash, client, does } = set;
  await does("CashAcceptor.CashInStart", {});
  const stop = new AbortController();
  const sent = client.send("CashAcceptor.CashIn", {}, { signal: stop.signal });
  await until(() => cash.accepting() !== null);
  stop.abort();
  expect((await sent).completionCode).toBe("canceled");
  expect(cash.accepting()).toBeNull();
  const rollback = await client.send("CashAcceptor.CashInRollback", {});
  expect(rollback).toMatchObject({ completionCode: "commandErrorCode", payload: { errorCode: "noItems" } });
  await does("CashAcceptor.CashInStart", {});
});

test("[T4] a lost answer to the stack command is called indeterminate, and evidence settles it", async () => {
  await using set = await startCash();
  const { cash, client, does } = set;
  await does("CashAcceptor.CashInStart", {});
  await cashIn(client, () => cash.insertNote(2_000));
  cash.failNext("stackEscrow", new DeviceError("indeterminate", "no answer"));
  const completion = await client.send("CashAcceptor.CashInEnd", {});
  expect(completion).toMatchObject({
    completionCode: "commandErrorCode",
    payload: { errorCode: "X-indeterminate" },
  });
  expect(cash.calls.filter((call) => call === "stackEscrow")).toHaveLength(1);
  expect(await does("X-Cash.GetEvidence", {})).toMatchObject({ stackedFen: 0, escrow: { noteId: "N1" } });
});

test("[T4] [P3] after a lost answer a note that is still in escrow can be handed back", async () => {
  await using set = await startCash();
  const { cash, client, does } = set;
  await does("CashAcceptor.CashInStart", {});
  await cashIn(client, () => cash.insertNote(2_000));
  cash.failNext("stackEscrow", new DeviceError("indeterminate", "no answer"));
  await client.send("CashAcceptor.CashInEnd", {});
  await does("CashAcceptor.CashInRollback", {});
  expect((await does("X-Cash.GetEvidence", {})).escrow).toBeNull();
});

test("[T4] [P3] a stack command that the driver never answers is given up as indeterminate, and not sent again", async () => {
  const cash = createFakeCash();
  await using publisher = await startTestPublisher({ cash: { create: () => cash.driver, options: { graceMs: 20 } } });
  const client = await publisher.client("cash");
  await client.send("CashAcceptor.CashInStart", {});
  await cashIn(client, () => cash.insertNote(2_000));
  cash.hangNext("stackEscrow");
  const completion = await client.send("CashAcceptor.CashInEnd", {}, { timeoutMs: 20 });
  expect(completion).toMatchObject({ completionCode: "commandErrorCode", payload: { errorCode: "X-indeterminate" } });
  await until(() => publisher.services.get("cash")?.status() === "online");
  const evidence = successOf("X-Cash.GetEvidence", await client.send("X-Cash.GetEvidence", {}));
  expect(evidence).toMatchObject({ stackedFen: 0, escrow: { noteId: "N1" } });
  expect(cash.calls.filter((call) => call === "stackEscrow")).toHaveLength(1);
});

test("[T4] [P3] a client that goes away does not stop the stacking of a note", async () => {
  await using set = await startCash();
  const { cash, client, does } = set;
  await does("CashAcceptor.CashInStart", {});
  await cashIn(client, () => cash.insertNote(2_000));
  const { stackEscrow } = cash.driver;
  const asked = Promise.withResolvers<AbortSignal>();
  const answer = Promise.withResolvers<void>();
  cash.driver.stackEscrow = async (signal) => {
    asked.resolve(signal);
    await answer.promise;
    return stackEscrow(signal);
  };
  client.send("CashAcceptor.CashInEnd", {}).catch(() => undefined);
  const signal = await asked.promise;
  await client[Symbol.asyncDispose]();
  expect(signal.aborted).toBe(false);
  answer.resolve();
  await until(() => cash.calls.includes("stackEscrow"));
  expect((await cash.driver.counters(AbortSignal.timeout(1_000))).stackedFen).toBe(2_000n);
});

test("[T4] [T7] a service that is restarted over a note in escrow takes up the transaction", async () => {
  const cash = createFakeCash();
  await cash.driver.enableAcceptor([1_000], AbortSignal.timeout(1_000));
  cash.insertNote(1_000);
  await using publisher = await startTestPublisher({ cash: { create: () => cash.driver } });
  const client = await publisher.client("cash");
  successOf("CashAcceptor.CashInEnd", await client.send("CashAcceptor.CashInEnd", {}));
  expect(cash.unit("cashbox").count).toBe(1);
});

test("[T4] a device that goes away while a note is waited for ends the waiting", async () => {
  await using set = await startCash();
  const { cash, client, does } = set;
  await does("CashAcceptor.CashInStart", {});
  const sent = client.send("CashAcceptor.CashIn", {});
  await until(() => cash.accepting() !== null);
  cash.setState("offline");
  expect((await sent).completionCode).toBe("deviceNotReady");
});

test("[T4] commands out of their order are refused by name", async () => {
  await using set = await startCash();
  const { client, does } = set;
  const codeOf = async (name: "CashAcceptor.CashIn" | "CashAcceptor.CashInEnd" | "CashAcceptor.CashInStart") => {
    const { payload } = await client.send(name, {});
    return "errorCode" in payload ? payload.errorCode : undefined;
  };
  expect(await codeOf("CashAcceptor.CashIn")).toBe("noCashInActive");
  expect(await codeOf("CashAcceptor.CashInEnd")).toBe("noCashInActive");
  await does("CashAcceptor.CashInStart", {});
  expect(await codeOf("CashAcceptor.CashInStart")).toBe("cashInActive");
  expect(await codeOf("CashAcceptor.CashInEnd")).toBe("noItems");
});

test("[T4] change is denominated first, then paid out exactly", async () => {
  await using set = await startCash();
  const { cash, does } = set;
  const denomination = { denomination: { service: { currencies: { CNY: 17.5 }, mix: "mix1" } } };
  const wanted = { currencies: { CNY: 17.5 }, values: { unitCassette1: 3, unitHopper1: 2, unitHopper2: 1 } };
  expect((await does("CashDispenser.Denominate", { request: denomination })).result).toEqual(wanted);
  const paid = await does("CashDispenser.Dispense", { denomination });
  expect(paid.denomination).toEqual(wanted);
  expect(cash.unit("cassette1").count).toBe(97);
  expect(await does("CashDispenser.GetPresentStatus", {})).toEqual({
    presentState: "presented",
    denomination: wanted,
  });
  expect((await does("X-Cash.GetEvidence", {})).dispensedFen).toBe(1_750);
  await does("CashDispenser.Present", {});
});

test("[T4] an amount that cannot be made is refused before anything moves", async () => {
  await using set = await startCash();
  const { cash, client } = set;
  const refused = async (denomination: CommandPayload<"CashDispenser.Dispense">["denomination"]["denomination"]) => {
    const { payload } = await client.send("CashDispenser.Dispense", { denomination: { denomination } });
    return "errorCode" in payload ? payload.errorCode : undefined;
  };
  expect(await refused({ service: { currencies: { CNY: 0.3 }, mix: "mix1" } })).toBe("notDispensable");
  expect(await refused({ service: { currencies: { EUR: 5 }, mix: "mix1" } })).toBe("invalidCurrency");
  expect(await refused({ service: { currencies: { CNY: 5 }, mix: "mix9" } })).toBe("invalidMixNumber");
  expect(await refused({ service: { currencies: { CNY: 0.001 }, mix: "mix1" } })).toBe("invalidDenomination");
  expect(await refused({ app: { counts: { unitHopper1: 300 } } })).toBe("notDispensable");
  expect(await refused({ app: { counts: { unitHopper1: 3 }, currencies: { CNY: 4 } } })).toBe("invalidDenomination");
  expect(await refused({ app: { counts: { unitCashbox: 1 } } })).toBe("notDispensable");
  expect(cash.calls).not.toContain("dispense");
});

test("[T4] a dispense that jams half-way says what really left", async () => {
  await using set = await startCash();
  const { cash, client, does } = set;
  cash.stopDispenseAfter(1, new DeviceError("jam", "jam: dispenser"));
  const incomplete: unknown[] = [];
  const completion = await client.send(
    "CashDispenser.Dispense",
    { denomination: { denomination: { app: { counts: { unitCassette1: 3 } } } } },
    { onEvent: (name, payload) => name === "CashDispenser.IncompleteDispenseEvent" && incomplete.push(payload) },
  );
  const left = { currencies: { CNY: 5 }, values: { unitCassette1: 1 } };
  expect(completion).toMatchObject({
    completionCode: "commandErrorCode",
    payload: { errorCode: "cashUnitError", denomination: left },
  });
  expect(incomplete).toEqual([left]);
  expect((await does("CashDispenser.GetPresentStatus", {})).denomination).toEqual(left);
});

test("[T4] a dispense whose answer was lost is indeterminate, and its state unknown", async () => {
  await using set = await startCash();
  const { cash, client, does } = set;
  cash.stopDispenseAfter(1, new DeviceError("indeterminate", "no answer"));
  const denomination = { denomination: { app: { counts: { unitHopper1: 2 } } } };
  const completion = await client.send("CashDispenser.Dispense", { denomination });
  expect(completion.payload).toMatchObject({ errorCode: "X-indeterminate" });
  expect((await does("CashDispenser.GetPresentStatus", {})).presentState).toBe("unknown");
  expect((await does("X-Cash.GetEvidence", {})).dispensedFen).toBe(100);
});

test("[T4] a clerk sets the counts within an exchange only, and nothing is accepted or paid out meanwhile", async () => {
  await using set = await startCash();
  const { client, does } = set;
  const storage = { unitHopper1: { cash: { status: { initial: { type1CNY: { fit: 400 } } } } } };
  const early = await client.send("Storage.SetStorage", { storage });
  expect(early.payload).toEqual({ errorCode: "noExchangeActive" });
  await does("Storage.StartExchange", {});
  expect((await client.send("CashAcceptor.CashInStart", {})).payload).toEqual({ errorCode: "exchangeActive" });
  await does("Storage.SetStorage", { storage });
  await does("Storage.EndExchange", {});
  const units = (await does("Storage.GetStorage", {})).storage;
  expect(units["unitHopper1"]?.cash.status).toMatchObject({
    initial: { type1CNY: { fit: 400 } },
    accuracy: "accurateSet",
  });
});

test("[T4] door, jam and running low are told without being asked", async () => {
  await using set = await startCash();
  const { cash, client, does } = set;
  const heard: [string, unknown][] = [];
  for (const name of ["Common.StatusChangedEvent", "Common.ErrorEvent", "Storage.StorageThresholdEvent"] as const) {
    client.on(name, (payload) => heard.push([name, payload]));
  }
  await does("Storage.GetStorage", {});
  cash.emit({ type: "door", open: true });
  cash.emit({ type: "jam", where: "dispenser" });
  cash.unit("hopper2").count = 20;
  cash.emit({ type: "units-changed" });
  await until(() => heard.some(([name]) => name === "Storage.StorageThresholdEvent"));
  expect(heard).toContainEqual(["Common.StatusChangedEvent", { auxiliaries: { safeDoor: "open" } }]);
  expect(heard.find(([name]) => name === "Common.ErrorEvent")?.[1]).toMatchObject({ eventId: "hardware" });
  const threshold = heard.find(([name]) => name === "Storage.StorageThresholdEvent")?.[1];
  expect(threshold).toMatchObject({ unitHopper2: { cash: { status: { replenishmentStatus: "low" } } } });
  const status = await does("Common.Status", {});
  expect(status.cashManagement?.dispenser).toBe("attention");
  expect((await client.send("CashAcceptor.CashInStart", {})).payload).toEqual({ errorCode: "safeDoorOpen" });
});

test("[T4] only the configured notes are taken, and they can be switched off", async () => {
  const cash = createFakeCash();
  await using publisher = await startTestPublisher({
    cash: { create: () => cash.driver, settings: { acceptsFen: [1_000, 10_000] } },
  });
  const client = await publisher.client("cash");
  await client.send("CashAcceptor.ConfigureNoteTypes", { items: [{ item: "type100CNY", enabled: false }] });
  const { items } = successOf(
    "CashManagement.GetBankNoteTypes",
    await client.send("CashManagement.GetBankNoteTypes", {}),
  );
  expect(items["type100CNY"]).toMatchObject({ enabled: false, cashItem: { value: 100, currency: "CNY" } });
  await client.send("CashAcceptor.CashInStart", {});
  void client.send("CashAcceptor.CashIn", {}).catch(() => undefined);
  await until(() => cash.accepting() !== null);
  expect(cash.accepting()).toEqual([1_000]);
});
