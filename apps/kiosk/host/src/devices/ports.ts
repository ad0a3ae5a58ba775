import type { CashEvidence, StackedNote } from "@gridhall/domain/payment/cashSaga.ts";
import type { CashLevel, DeviceHealth } from "@gridhall/domain/fleet/schema.ts";
import type { ReceiptDocument } from "@gridhall/hardware/drivers/contracts.ts";

/**
 * The unified driver sublayer as journeys see it (requirement T2): the only way to hardware. Behind each port stands an
 * XFS4IoT service; nothing here knows a vendor, a wire or a message.
 */

export type Unsubscribe = () => void;

export interface DevicePort {
  health(): DeviceHealth;
  onChange(listener: () => void): Unsubscribe;
  /** Between two customers: cancels, proves idle, returns media, zeroes buffers (design §5). */
  prepareForNext(signal: AbortSignal): Promise<{ ok: boolean; detail: string }>;
}

export type MoveOutcome = { kind: "done" } | { kind: "refused"; reason: string } | { kind: "lost" };

export interface CashPort extends DevicePort {
  levels(): CashLevel[];
  onNote(listener: (note: StackedNote) => void): Unsubscribe;
  onRefused(listener: (reason: "unrecognised" | "counterfeit" | "denomination" | "full") => void): Unsubscribe;
  /** The device fell silent or jammed while the acceptor was on. */
  onFault(listener: (reason: "jam" | "offline") => void): Unsubscribe;
  enable(): Promise<void>;
  disable(): Promise<void>;
  /** value command, sent once: `lost` where no answer came. */
  stack(note: StackedNote): Promise<MoveOutcome>;
  returnEscrow(): Promise<void>;
  /** value command, sent once. Pays as much of the amount as the units can make; answers what really left. */
  dispense(amountFen: number): Promise<{ kind: "dispensed"; amountFen: number } | { kind: "lost" }>;
  /** The device's own non-volatile counters. Rejects where they cannot be read now. */
  evidence(): Promise<CashEvidence>;
}

export interface IdCardPort extends DevicePort {
  /** Waits for a card, reads it, answers what a journey needs of it. */
  read(signal: AbortSignal, onCard: () => void): Promise<{ idNumber: string; name: string }>;
}

export interface ScannerPort extends DevicePort {
  read(signal: AbortSignal): Promise<string>;
}

export type PrintProblem = "paper-out" | "jam" | "offline";
export interface PrinterPort extends DevicePort {
  canPrint(): { ok: true } | { ok: false; problem: PrintProblem };
  onMediaTaken(listener: () => void): Unsubscribe;
}
export interface ReceiptPort extends PrinterPort {
  /** Resolves when the printer itself reports the job done; rejects with PrintError. */
  print(receipt: ReceiptDocument, signal: AbortSignal): Promise<void>;
}
export interface PagePort extends PrinterPort {
  print(pdf: Uint8Array, title: string, signal: AbortSignal): Promise<void>;
}
export class PrintError extends Error {
  readonly problem: PrintProblem;
  constructor(problem: PrintProblem, options?: ErrorOptions) {
    super(`printing failed: ${problem}`, options);
    this.name = "PrintError";
    this.problem = problem;
  }
}

export interface PinPadPort extends DevicePort {
  isTampered(): Promise<boolean>;
  onTamper(listener: () => void): Unsubscribe;
  ensureMasterKey(): Promise<void>;
  /** SM4-CBC under the master key, inside the pad. */
  wrap(key: Uint8Array, iv: Uint8Array): Promise<Uint8Array>;
  unwrap(wrapped: Uint8Array, iv: Uint8Array): Promise<Uint8Array>;
}

export interface CabinetPort extends DevicePort {
  readings(): { cabinetDoorOpen: boolean; safeDoorOpen: boolean; temperatureC: number | null; personPresent: boolean };
  onApproach(listener: () => void): Unsubscribe;
  guide(position: "cashIn" | "cashOut" | "receiptPrinter" | "scanner" | "idReader" | "pagePrinter" | null): void;
}

export interface Ports {
  cash: CashPort | null;
  idCard: IdCardPort | null;
  scanner: ScannerPort | null;
  receipt: ReceiptPort | null;
  page: PagePort | null;
  pinPad: PinPadPort;
  cabinet: CabinetPort | null;
}

export function allPorts(ports: Ports): DevicePort[] {
  return [ports.cash, ports.idCard, ports.scanner, ports.receipt, ports.page, ports.pinPad, ports.cabinet].filter(
    (port) => port !== null,
  );
}
