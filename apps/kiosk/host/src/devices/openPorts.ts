import { discover } from "@gridhall/hardware/discover.ts";
import type { KioskConfig } from "../config.ts";
import type { Ports } from "./ports.ts";
import { createXfsCash } from "./xfsCash.ts";
import {
  createXfsCabinet,
  createXfsIdCard,
  createXfsPage,
  createXfsPinPad,
  createXfsReceipt,
  createXfsScanner,
} from "./xfsPorts.ts";
import { openXfsService, type XfsService } from "./xfsService.ts";

/** Finds the terminal's services at the publishers of this machine and connects to each that the configuration names. */
export async function openPorts(
  config: Pick<KioskConfig, "services" | "publisherPort">,
  options: { signal: AbortSignal; onError(cause: unknown): void },
): Promise<{ ports: Ports; dispose(): Promise<void> }> {
  const wanted = Object.values(config.services).filter((name) => name !== null);
  const urls = await findServices(config.publisherPort, wanted, options.signal);
  const opened: XfsService[] = [];
  const open = async (name: string | null): Promise<XfsService | null> => {
    const url = name === null ? undefined : urls.get(name);
    if (name === null || url === undefined) return null;
    const service = await openXfsService({ name, url, signal: options.signal, onError: options.onError });
    opened.push(service);
    return service;
  };
  const { services } = config;
  const pinPad = await open(services.pinPad);
  if (!pinPad)
    throw new Error(
      `the PIN pad service ${services.pinPad} is not there; without its key the terminal's store cannot be opened`,
    );
  const [cash, idCard, scanner, receipt, page, cabinet] = [
    await open(services.cash),
    await open(services.idCard),
    await open(services.scanner),
    await open(services.receipt),
    await open(services.page),
    await open(services.cabinet),
  ];
  return {
    ports: {
      pinPad: createXfsPinPad(pinPad),
      cash: cash && createXfsCash(cash, options.onError),
      idCard: idCard && createXfsIdCard(idCard),
      scanner: scanner && createXfsScanner(scanner),
      receipt: receipt && createXfsReceipt(receipt),
      page: page && createXfsPage(page),
      cabinet: cabinet && createXfsCabinet(cabinet, options.onError),
    },
    async dispose() {
      await Promise.all(opened.map((service) => service[Symbol.asyncDispose]()));
    },
  };
}

/** The publisher may come up after the host: it is searched for until all named services are there, or time is up. */
async function findServices(
  port: number | null,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const ports = port === null ? undefined : [port];
  let found = new Map<string, string>();
  for (let attempt = 0; attempt < 150; attempt += 1) {
    signal.throwIfAborted();
    const services = await discover("127.0.0.1", ports, 400);
    found = new Map(services.map((service) => [service.name, service.url]));
    if (wanted.every((name) => found.has(name))) return found;
    await new Promise((done) => setTimeout(done, 200));
  }
  return found;
}
