import { z } from "zod";
import { DeviceError } from "../contracts.ts";
import { cancelled, pause } from "../line/abort.ts";
import {
  decodeIppMessage,
  encodeIppRequest,
  type IppAttribute,
  ippGroups,
  type IppMessage,
  type IppRequestGroup,
  ippStrings,
} from "./ippMessage.ts";

export const IppClientOptions = z.object({
  answerTimeoutMs: z.int().min(50).max(60_000).default(3_000),
  retries: z.int().min(0).max(10).default(2),
  userName: z.string().min(1).default("kiosk"),
});

/** Sends IPP requests over HTTP. `post` sends once; `ask` repeats a question, so it is never used to print. */
export const createIppClient = (printerUri: string, options: z.infer<typeof IppClientOptions>) => {
  const uri = printerUri.replace(/^http/u, "ipp");
  const url = new URL(uri.replace(/^ipp/u, "http"));
  // Without a port the scheme's own, not HTTP's.
  if (url.port === "" && !printerUri.startsWith("http")) url.port = "631";
  let requestId = 0;

  const operationAttributes: readonly IppAttribute[] = [
    ["attributes-charset", "charset", "utf-8"],
    ["attributes-natural-language", "language", "en"],
    ["printer-uri", "uri", uri],
    ["requesting-user-name", "name", options.userName],
  ];
  const post = async (
    what: string,
    operation: number,
    attributes: readonly IppAttribute[],
    signal: AbortSignal,
    jobAttributes: readonly IppAttribute[] = [],
    document?: Uint8Array,
  ): Promise<IppMessage> => {
    requestId = (requestId % 0x7fff_ffff) + 1;
    const groups: IppRequestGroup[] = [
      { tag: ippGroups.operation, attributes: [...operationAttributes, ...attributes] },
    ];
    if (jobAttributes.length > 0) groups.push({ tag: ippGroups.job, attributes: jobAttributes });
    const timeout = AbortSignal.timeout(options.answerTimeoutMs);
    let bytes: ArrayBuffer;
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/ipp" },
        body: Buffer.from(encodeIppRequest(operation, requestId, groups, document)),
        signal: AbortSignal.any([signal, timeout]),
      });
      if (!response.ok) throw new DeviceError("refused", `page printer: ${what}: HTTP ${response.status}`);
      bytes = await response.arrayBuffer();
    } catch (error) {
      if (error instanceof DeviceError) throw error;
      if (signal.aborted) throw cancelled(what);
      const code = timeout.aborted ? "timeout" : "offline";
      throw new DeviceError(code, `page printer: ${what}: no answer from ${url.host}`, {}, { cause: error });
    }
    let message: IppMessage;
    try {
      message = decodeIppMessage(new Uint8Array(bytes));
    } catch (error) {
      throw new DeviceError("protocol", `page printer: ${what}: the answer is no IPP message`, {}, { cause: error });
    }
    if (message.code >= 0x0400) {
      const text = ippStrings(message, "status-message")[0] ?? `status ${message.code.toString(16)}`;
      throw new DeviceError("refused", `page printer: ${what}: ${text}`, { ippStatus: message.code });
    }
    return message;
  };
  /** Questions may be repeated; printing may not. */
  const ask = async (
    what: string,
    operation: number,
    attributes: readonly IppAttribute[],
    signal: AbortSignal,
  ): Promise<IppMessage> => {
    for (let left = options.retries; ; left--) {
      try {
        return await post(what, operation, attributes, signal);
      } catch (error) {
        const again = error instanceof DeviceError && ["timeout", "protocol", "offline"].includes(error.code);
        if (left <= 0 || !again) throw error;
        await pause(100, signal, what);
      }
    }
  };

  return { post, ask };
};
