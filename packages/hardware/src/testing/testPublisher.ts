import { expect } from "vitest";
import { connectXfs, type XfsClient } from "../client.ts";
import { silentLogger } from "../drivers/config.ts";
import type { DriverKind, DriverOfKind } from "../drivers/registry.ts";
import type { Violation } from "../protocol/validate.ts";
import { startPublisher } from "../publisher/publisher.ts";
import type { XfsService } from "../services/service.ts";
import { type ServiceSettings, type StartOptions, startServiceOver } from "../services/startService.ts";
import { type Conformance, createConformance } from "./conformance.ts";

type Fakes = {
  [K in DriverKind]?: {
    create: () => DriverOfKind[K];
    settings?: ServiceSettings;
    options?: Partial<StartOptions>;
  };
};

/** A publisher over fake drivers, and clients of it. Every message that either side sends is checked. */
export interface TestPublisher extends AsyncDisposable {
  readonly url: string;
  /** A connected client of the service of that kind. Closed with the publisher. */
  client(kind: DriverKind): Promise<XfsClient>;
  urlOf(kind: DriverKind): string;
  readonly services: ReadonlyMap<DriverKind, XfsService>;
  readonly conformance: Conformance;
}

export async function startTestPublisher(
  fakes: Fakes,
  given: { conformance?: Conformance } = {},
): Promise<TestPublisher> {
  const conformance = given.conformance ?? createConformance();
  const violations: Violation[] = [];
  const onViolation = (violation: Violation): void => {
    violations.push(violation);
  };
  const services = new Map<DriverKind, XfsService>();
  const start = <K extends DriverKind>(kind: K, fake: Fakes[K]): void => {
    if (fake === undefined) return;
    const options = { name: kind, logger: silentLogger, onViolation, ...fake.options };
    services.set(kind, startServiceOver(kind, fake.create, options, fake.settings));
  };
  for (const kind of Object.keys(fakes) as DriverKind[]) start(kind, fakes[kind]);

  const publisher = await startPublisher({
    services: [...services.values()],
    vendorName: "GridHall",
    port: 0,
    logger: silentLogger,
    tap: conformance.tap,
  });
  const clients: XfsClient[] = [];
  return {
    url: publisher.url,
    services,
    conformance,
    urlOf: (kind) => publisher.urlOf(kind),
    client: async (kind) => {
      const signal = AbortSignal.timeout(10_000);
      const client = await connectXfs(publisher.urlOf(kind), { signal, onViolation, tap: conformance.tap });
      clients.push(client);
      return client;
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) await client[Symbol.asyncDispose]();
      await publisher[Symbol.asyncDispose]();
      for (const service of services.values()) await service[Symbol.asyncDispose]();
      expect(violations).toEqual([]);
      expect(conformance.unexplained).toEqual([]);
    },
  };
}

/** Waits until `condition` holds, for things that happen in their own time. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2_000; turn++) {
    if (condition()) return;
    await new Promise((resolve) => {
      setTimeout(resolve, turn < 50 ? 1 : 10);
    });
  }
  throw new Error("what was waited for did not happen");
}
