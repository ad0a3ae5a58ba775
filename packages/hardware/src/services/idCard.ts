import type { IdCardDriver } from "../drivers/contracts.ts";
import { toBase64 } from "../protocol/define.ts";
import type { Behaviour, Device } from "./behaviour.ts";

type Media = "unknown" | "present" | "notPresent";

/** Resident-identity-card reader. */
export function behaveAsIdCard(device: Device<IdCardDriver>): Behaviour<IdCardDriver> {
  let media: Media = "unknown";
  const setMedia = (next: Media): void => {
    if (next === media) return;
    media = next;
    device.statusChanged({ "X-idCard": { media } });
  };
  return {
    interfaces: ["X-IdCard"],
    handlers: {
      "X-IdCard.Read": async (_payload, { signal, event }) => {
        const driver = device.driver();
        event("X-IdCard.PresentCardEvent", {});
        await driver.awaitCard(signal);
        setMedia("present");
        event("X-IdCard.CardPresentedEvent", {});
        const { photoWlt, ...card } = await driver.read(signal);
        return { card: { ...card, ...(photoWlt.length > 0 ? { photoWlt: toBase64(photoWlt) } : {}) } };
      },
      "X-IdCard.Reset": async (_payload, { signal }) => {
        const { mediaInside } = await device.driver().reset(signal);
        setMedia(mediaInside ? "present" : "notPresent");
        return {};
      },
    },
    // A card that was read may be forgotten on the reader: its removal is news whenever it comes.
    background: (signal) => (media === "present" ? awaitRemoval(signal) : null),
    status: () => ({ "X-idCard": { media } }),
    capabilities: () => ({}),
  };

  async function awaitRemoval(signal: AbortSignal): Promise<void> {
    await device.driver().awaitRemoval(signal);
    if (signal.aborted) return;
    setMedia("notPresent");
    device.unsolicited("X-IdCard.CardRemovedEvent", {});
  }
}
