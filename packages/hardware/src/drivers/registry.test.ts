import { expect, test } from "vitest";
import { silentLogger } from "./config.ts";
import { createDriver } from "./registry.ts";

const serial = { type: "serial", path: "/dev/no-such-line" };

test("[T3] another make of device is another name in one line of configuration", async () => {
  for (const driver of ["sdt-serial", "hx-serial"]) {
    await using reader = createDriver("idCard", { driver, transport: serial }, silentLogger);
    expect(reader.kind).toBe("idCard");
  }
});

test("a wrong line of configuration is refused with the field and the remedy", () => {
  const make = (config: unknown) => () => createDriver("idCard", config, silentLogger);
  expect(make({ driver: "escpos-serial", transport: serial })).toThrow(
    /driver: "escpos-serial" is no idCard driver; choose one of sdt-serial, hx-serial/u,
  );
  expect(make({ driver: "toString", transport: serial })).toThrow(/choose one of/u);
  expect(make({ driver: "sdt-serial", transport: { type: "ipp", uri: "ipp://x" } })).toThrow(
    /transport\.type.*serial or tcp/u,
  );
  expect(make({ driver: "sdt-serial", transport: { type: "serial", path: "" } })).toThrow(/name the serial device/u);
  expect(make({ driver: "sdt-serial", transport: serial, options: { retries: -1 } })).toThrow(/retries/u);
});

test("[T4] a device whose line is not there is offline, and can be let go at once", async () => {
  await using reader = createDriver(
    "idCard",
    { driver: "hx-serial", transport: serial, options: { answerTimeoutMs: 50 } },
    silentLogger,
  );
  const state = await new Promise((resolve) => reader.onState(resolve));
  expect(state).toBe("offline");
});
