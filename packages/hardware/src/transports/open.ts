import type { OpenTransport } from "../drivers/contracts.ts";
import type { TransportConfig, TransportOf } from "./config.ts";
import { openSerial } from "./serial.ts";
import { openTcp } from "./tcp.ts";

/** The transports that are a byte pipe; PC/SC, IPP and the browser bridge have their own shape and their own drivers. */
export type BytePipeConfig = TransportOf<"serial"> | TransportOf<"tcp">;

export const isBytePipe = (config: TransportConfig): config is BytePipeConfig =>
  config.type === "serial" || config.type === "tcp";

/** Turns a parsed transport configuration into the function that a driver calls at start and after every unplug. */
export const openTransport = (config: BytePipeConfig): OpenTransport => {
  switch (config.type) {
    case "serial":
      return (signal) => openSerial(config, signal);
    case "tcp":
      return (signal) => openTcp(config, signal);
    default:
      return config satisfies never;
  }
};
