import type { DriverLogger } from "../drivers/config.ts";
import type { DeviceState, Driver } from "../drivers/contracts.ts";
import { CommandFailure } from "../protocol/commandFailure.ts";
import type { DeviceStatus } from "../protocol/interfaces/status.ts";

/** How often a driver that hangs, or cannot even be made, is made anew. */
export interface RestartLimits {
  /** At most so many times within `windowMs`; after that only when the window allows it again. */
  most: number;
  windowMs: number;
  firstDelayMs: number;
  longestDelayMs: number;
}
export const defaultRestartLimits: RestartLimits = {
  most: 5,
  windowMs: 600_000,
  firstDelayMs: 500,
  longestDelayMs: 30_000,
};

/** The place of one driver below a service: makes it, watches its state, and replaces it when it hangs. */
export interface DeviceSlot<D extends Driver> extends AsyncDisposable {
  /** The driver, if it can be asked something now. Throws CommandFailure deviceNotReady otherwise. */
  driver(): D;
  status(): DeviceStatus;
  model(): string;
  /** The driver ignored its signal: the service reports hardwareError, and the driver is replaced. */
  abandon(): void;
}

/** How long a given-up driver may take to let go of its line before a new one is made. */
const disposeMs = 5_000;

export function createDeviceSlot<D extends Driver>(options: {
  create(): D;
  /** A driver is there; the function it returns is called when it is gone. */
  attach(driver: D): () => void;
  onStatus(status: DeviceStatus): void;
  limits: RestartLimits;
  logger: DriverLogger;
}): DeviceSlot<D> {
  const { limits, logger } = options;
  let current: { driver: D; detach: () => void; wasOnline: boolean } | null = null;
  let status: DeviceStatus = "starting";
  let model = "";
  let restarts: number[] = [];
  let failures = 0;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  let disposing: Promise<void> = Promise.resolve();

  const report = (next: DeviceStatus): void => {
    if (next === status || closed) return;
    status = next;
    options.onStatus(next);
  };

  const handleState = (state: DeviceState): void => {
    if (current === null) return;
    if (state === "online") {
      current.wasOnline = true;
      failures = 0;
    }
    // A device that has never answered is not there, as far as anyone can tell.
    report(state === "offline" && !current.wasOnline ? "noDevice" : state);
  };

  const make = (): void => {
    timer = null;
    if (closed) return;
    try {
      const driver = options.create();
      const offState = driver.onState(handleState);
      const detach = options.attach(driver);
      model = driver.model;
      current = { driver, wasOnline: false, detach: () => (offState(), detach()) };
      handleState(driver.state());
    } catch (error) {
      logger.error({ err: error }, "the driver cannot be made");
      report("noDevice");
      again();
    }
  };

  const again = (): void => {
    const now = performance.now();
    restarts = [...restarts.filter((at) => now - at < limits.windowMs), now];
    const [oldest = now] = restarts;
    const backoffMs = Math.min(limits.firstDelayMs * 2 ** failures, limits.longestDelayMs);
    failures++;
    const delayMs = restarts.length > limits.most ? Math.max(backoffMs, oldest + limits.windowMs - now) : backoffMs;
    timer = setTimeout(() => void disposing.then(make), delayMs);
  };

  const drop = (): Promise<void> => {
    if (current === null) return disposing;
    const { driver, detach } = current;
    current = null;
    detach();
    disposing = disposeWithin(driver, disposeMs, logger);
    return disposing;
  };

  make();
  return {
    driver: () => {
      if (current === null || ["offline", "noDevice", "powerOff", "starting"].includes(status)) {
        throw new CommandFailure("deviceNotReady", `the device is ${status}`);
      }
      return current.driver;
    },
    status: () => status,
    model: () => current?.driver.model ?? model,
    abandon: () => {
      if (closed || current === null) return;
      logger.error({ model }, "the driver ignored its signal and is replaced");
      void drop();
      report("hardwareError");
      again();
    },
    [Symbol.asyncDispose]: async () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await drop();
    },
  };
}

async function disposeWithin(driver: Driver, ms: number, logger: DriverLogger): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      logger.error({ model: driver.model }, "the driver does not close");
      resolve();
    }, ms);
  });
  const gone = driver[Symbol.asyncDispose]().then(
    () => undefined,
    (error: unknown) => logger.error({ err: error, model: driver.model }, "the driver failed to close"),
  );
  await Promise.race([gone, late]);
  clearTimeout(timer);
}
