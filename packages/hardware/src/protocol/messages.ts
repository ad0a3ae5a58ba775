import type { z } from "zod";
import type { CompletionCode } from "./envelope.ts";
import { auxiliariesCommands } from "./interfaces/auxiliaries.ts";
import { barcodeReaderCommands } from "./interfaces/barcodeReader.ts";
import { cameraCommands, cameraEvents } from "./interfaces/camera.ts";
import { cardReaderCommands, cardReaderEvents } from "./interfaces/cardReader.ts";
import { cashAcceptorCommands, cashAcceptorEvents } from "./interfaces/cashAcceptor.ts";
import { cashDispenserCommands, cashDispenserEvents } from "./interfaces/cashDispenser.ts";
import { cashManagementCommands, cashManagementEvents } from "./interfaces/cashManagement.ts";
import { commonCommands, commonEvents } from "./interfaces/common.ts";
import { cryptoCommands } from "./interfaces/crypto.ts";
import { keyboardCommands, keyboardEvents } from "./interfaces/keyboard.ts";
import { keyManagementCommands, keyManagementEvents } from "./interfaces/keyManagement.ts";
import { lightsCommands } from "./interfaces/lights.ts";
import { pinPadCommands } from "./interfaces/pinPad.ts";
import { printerCommands, printerEvents } from "./interfaces/printer.ts";
import { servicePublisherCommands, servicePublisherEvents } from "./interfaces/servicePublisher.ts";
import { storageCommands, storageEvents } from "./interfaces/storage.ts";
import { xCashCommands } from "./interfaces/xCash.ts";
import { xIdCardCommands, xIdCardEvents } from "./interfaces/xIdCard.ts";
import type { CommandDefinition, Effect, EventDefinition } from "./define.ts";

/** Every command that publisher and client know. */
export const commands = {
  ...servicePublisherCommands,
  ...commonCommands,
  ...cardReaderCommands,
  ...cashAcceptorCommands,
  ...cashDispenserCommands,
  ...cashManagementCommands,
  ...storageCommands,
  ...printerCommands,
  ...barcodeReaderCommands,
  ...keyboardCommands,
  ...pinPadCommands,
  ...keyManagementCommands,
  ...cryptoCommands,
  ...cameraCommands,
  ...auxiliariesCommands,
  ...lightsCommands,
  ...xIdCardCommands,
  ...xCashCommands,
};

/** Every event. */
export const events = {
  ...servicePublisherEvents,
  ...commonEvents,
  ...cardReaderEvents,
  ...cashAcceptorEvents,
  ...cashDispenserEvents,
  ...cashManagementEvents,
  ...storageEvents,
  ...printerEvents,
  ...keyboardEvents,
  ...keyManagementEvents,
  ...cameraEvents,
  ...xIdCardEvents,
};

type Commands = typeof commands;
type Events = typeof events;
export type CommandName = keyof Commands;
export type EventName = keyof Events;
export type UnsolicitedName = { [E in EventName]: Events[E]["type"] extends "unsolicited" ? E : never }[EventName];
export type CommandEventName = Exclude<EventName, UnsolicitedName>;

export type CommandPayload<N extends CommandName> = z.input<Commands[N]["payload"]>;
export type ResultPayload<N extends CommandName> = z.infer<Commands[N]["result"]>;
export type FailurePayload<N extends CommandName> = z.infer<Commands[N]["failure"]>;
export type ErrorCodeOf<N extends CommandName> = NonNullable<FailurePayload<N>["errorCode"]>;
export type EventPayload<E extends EventName> = z.infer<Events[E]["payload"]>;

/** How a command ended: with all of its result, or with a code and what is known. */
export type Completion<N extends CommandName> =
  | { completionCode: "success"; payload: ResultPayload<N> }
  | {
      completionCode: Exclude<CompletionCode, "success">;
      errorDescription: string | undefined;
      payload: FailurePayload<N>;
    };

const commandsByName: ReadonlyMap<string, CommandDefinition> = new Map(Object.entries(commands));
const eventsByName: ReadonlyMap<string, EventDefinition> = new Map(Object.entries(events));

export function findCommand(name: string): CommandDefinition | undefined {
  return commandsByName.get(name);
}
export function findEvent(name: string): EventDefinition | undefined {
  return eventsByName.get(name);
}
export function effectOf(name: CommandName): Effect {
  return commands[name].effect;
}
/** "CashAcceptor" of "CashAcceptor.CashIn". */
export function interfaceOf(name: string): string {
  return name.slice(0, name.indexOf("."));
}
