import type { Driver } from "../drivers/contracts.ts";
import type { CapabilitiesPayload, InterfaceName } from "../protocol/interfaces/capabilities.ts";
import { commands, events, interfaceOf } from "../protocol/messages.ts";
import type { Behaviour } from "./behaviour.ts";

const serviceVersion = "1.0";

/** Common.Capabilities of a service: which messages it has is read off its handlers, so that it cannot be out of step. */
export function capabilitiesOf<D extends Driver>(
  behaviour: Behaviour<D>,
  facts: { model: string; maximumRequests: number },
): CapabilitiesPayload {
  const names: InterfaceName[] = ["Common", ...behaviour.interfaces];
  return {
    interfaces: names.map((name) => ({
      name,
      commands: versionsOf(commands, (message) => interfaceOf(message) === name && isOffered(behaviour, message)),
      events: versionsOf(events, (message) => interfaceOf(message) === name),
      maximumRequests: facts.maximumRequests,
    })),
    common: {
      serviceVersion,
      deviceInformation: [{ modelName: facts.model }],
      powerSaveControl: false,
      antiFraudModule: false,
    },
    ...behaviour.capabilities(),
  };
}

function isOffered<D extends Driver>(behaviour: Behaviour<D>, command: string): boolean {
  return interfaceOf(command) === "Common" || Object.hasOwn(behaviour.handlers, command);
}

function versionsOf(
  catalogue: Readonly<Record<string, { version: string }>>,
  isMeant: (message: string) => boolean,
): Record<string, { versions: string[] }> {
  return Object.fromEntries(
    Object.entries(catalogue)
      .filter(([message]) => isMeant(message))
      .map(([message, { version }]) => [message, { versions: [version] }]),
  );
}
