import { z } from "zod";
import { command, event } from "../define.ts";

const Services = {
  vendorName: z.string(),
  services: z.array(z.object({ serviceURI: z.string().regex(/^wss?:\/\//) })),
};

export const servicePublisherCommands = {
  /** Which services this publisher has; sent to the publisher's own URI. */
  "ServicePublisher.GetServices": command({ version: "2.0", effect: "read", lane: "immediate", result: Services }),
};

export const servicePublisherEvents = {
  "ServicePublisher.ServiceDetailEvent": event("2.0", Services),
};
