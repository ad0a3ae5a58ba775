import { type ChipCardDriver, DeviceError } from "../drivers/contracts.ts";
import { refusal } from "../protocol/commandFailure.ts";
import { fromBase64, toBase64 } from "../protocol/define.ts";
import type { StatusPayload } from "../protocol/interfaces/status.ts";
import type { Behaviour, Device } from "./behaviour.ts";

type Media = "unknown" | "present" | "notPresent";
type ChipPower = NonNullable<StatusPayload["cardReader"]>["chipPower"];

/** Chip card slot: prepaid meter cards, bank cards. */
export function behaveAsChipCard(device: Device<ChipCardDriver>): Behaviour<ChipCardDriver> {
  let media: Media = "unknown";
  let chipPower: ChipPower = "unknown";
  const set = (nextMedia: Media, nextPower: ChipPower): void => {
    if (nextMedia === media && nextPower === chipPower) return;
    media = nextMedia;
    chipPower = nextPower;
    device.statusChanged({ cardReader: { media, chipPower } });
  };
  const requireCard = (): void => {
    if (chipPower !== "online") throw refusal("noMedia", "no card has been powered: ReadRawData comes first");
  };
  /** Waits for the card, powers it. */
  const powerOn = async (signal: AbortSignal): Promise<string> => {
    const { atr } = await device.driver().awaitCard(signal);
    set("present", "online");
    return toBase64(atr);
  };

  return {
    interfaces: ["CardReader"],
    handlers: {
      "CardReader.ReadRawData": async ({ chip }, { signal, event }) => {
        device.driver();
        event("CardReader.InsertCardEvent", {});
        const data = await powerOn(signal).catch((error: unknown) => {
          if (error instanceof DeviceError && error.code === "media-error") event("CardReader.InvalidMediaEvent", {});
          throw error;
        });
        event("CardReader.MediaInsertedEvent", {});
        return chip === true ? { chip: [{ status: "ok", data }] } : {};
      },
      "CardReader.ChipIO": async ({ chipProtocol, chipData }, { signal }) => {
        const driver = device.driver();
        requireCard();
        const answer = await driver.transmit(fromBase64(chipData), signal);
        return { chipProtocol, chipData: toBase64(answer) };
      },
      "CardReader.ChipPower": async ({ chipPower: wanted }, { signal }) => {
        if (wanted !== "cold") throw refusal("chipPowerNotSupported", `the slot cannot do ${wanted}`);
        requireCard();
        return { chipData: await powerOn(signal) };
      },
      "CardReader.Move": async ({ to }, { signal }) => {
        const driver = device.driver();
        if (to !== "exit") throw refusal("occupied", "the slot has only an exit");
        if (media === "notPresent") throw refusal("noMedia", "no card is in the slot");
        await driver.eject(signal);
        set("present", "poweredOff");
        return {};
      },
      "CardReader.Reset": async (_payload, { signal }) => {
        const { mediaInside } = await device.driver().reset(signal);
        set(mediaInside ? "present" : "notPresent", mediaInside ? "poweredOff" : "noCard");
        if (mediaInside) device.unsolicited("CardReader.MediaDetectedEvent", { position: "exit" });
        return {};
      },
    },
    background: (signal) => (media === "present" ? awaitRemoval(signal) : null),
    status: () => ({ cardReader: { media, chipPower } }),
    capabilities: () => ({
      cardReader: {
        type: "dip",
        chipProtocols: { chipT0: true, chipT1: true, chipProtocolNotRequired: true },
        chipPower: { cold: true, warm: false, off: false },
        positions: { exit: true, transport: false },
        cardTakenSensor: true,
      },
    }),
  };

  async function awaitRemoval(signal: AbortSignal): Promise<void> {
    await device.driver().awaitRemoval(signal);
    if (signal.aborted) return;
    set("notPresent", "noCard");
    device.unsolicited("CardReader.MediaRemovedEvent", {});
  }
}
