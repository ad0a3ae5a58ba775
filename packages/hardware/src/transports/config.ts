import { z } from "zod";

/**
 * How a device hangs on the kiosk: the one line of configuration that changes with the cabling. Parsed at the edge (the
 * publisher's CONFIG.json), trusted below.
 */
export const SerialTransport = z.object({
  type: z.literal("serial"),
  path: z.string().min(1, "transport.path: name the serial device, e.g. /dev/ttyUSB0 or COM3"),
  baud: z.int().min(300).max(4_000_000).default(115_200),
  parity: z.enum(["none", "even", "odd"]).default("none"),
  dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
  stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
});
export const TcpTransport = z.object({
  type: z.literal("tcp"),
  host: z.string().min(1).default("127.0.0.1"),
  port: z.int().min(1).max(65_535),
});
/** A PC/SC reader by (the beginning of) its name, as pcscd lists it. */
export const PcscTransport = z.object({
  type: z.literal("pcsc"),
  reader: z.string().min(1, 'transport.reader: name the reader as `pcsc_scan` shows it, e.g. "Virtual PCD 00 00"'),
  /** pcscd's socket; the daemon's own default unless it was started with another. */
  socket: z.string().default("/run/pcscd/pcscd.comm"),
});
export const IppTransport = z.object({
  type: z.literal("ipp"),
  uri: z
    .string()
    .regex(/^(ipps?|https?):\/\//, "transport.uri: an ipp:// or http:// address, e.g. ipp://127.0.0.1:631/ipp/print"),
});
/** The kiosk UI's browser owns the device (camera); it dials this loopback WebSocket and answers for it. */
export const BrowserBridgeTransport = z.object({
  type: z.literal("browser-bridge"),
  port: z.int().min(0).max(65_535),
  token: z.string().min(8, "transport.token: at least 8 characters, the same in the kiosk UI's configuration"),
});

export const TransportConfig = z.discriminatedUnion("type", [
  SerialTransport,
  TcpTransport,
  PcscTransport,
  IppTransport,
  BrowserBridgeTransport,
]);
export type TransportConfig = z.infer<typeof TransportConfig>;
export type TransportType = TransportConfig["type"];
export type TransportOf<T extends TransportType> = Extract<TransportConfig, { type: T }>;
