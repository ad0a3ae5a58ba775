import messages from "../../reference/xfs4iot-2024-3.messages.json" with { type: "json" };

/** Whether release 2024-3 of the standard has a command of this name, whichever device it is for. */
export function isStandardCommand(name: string): boolean {
  return Object.hasOwn(messages, `command:${name}`);
}
