import { z } from "zod";
import { isBytePipe, openTransport } from "../../transports/open.ts";
import type { DriverConfig, DriverLogger } from "../config.ts";
import { DeviceError, type PrinterDriver, type PrinterStatus } from "../contracts.ts";
import { cancelled, throwIfAborted } from "../line/abort.ts";
import { createExchange } from "../line/exchange.ts";
import { createLine } from "../line/line.ts";
import { createListeners } from "../line/listeners.ts";
import { createPresence } from "../line/presence.ts";
import { createEscposSplitter, statusOfAsb, statusOfRealTime } from "./escposAnswers.ts";
import { encodeReceipt, escpos } from "./escposCodec.ts";
import { createStatusMemory, faultOf } from "./status.ts";

const Options = z.object({
  answerTimeoutMs: z.int().min(50).max(10_000).default(800),
  retries: z.int().min(0).max(10).default(2),
  heartbeatMs: z.int().min(100).max(60_000).default(1_000),
  columns: z.int().min(24).max(72).default(48),
  /** How long a job may take while the printer reports no fault. */
  jobTimeoutMs: z.int().min(500).max(120_000).default(20_000),
  /** How often the status is read, and the echo asked for again, while a job runs. */
  jobPollMs: z.int().min(50).max(5_000).default(300),
});

/** ESC/POS receipt printer on a serial line, see ESCPOS.md. */
export const createEscposSerial = (config: DriverConfig, logger: DriverLogger): PrinterDriver => {
  const options = Options.parse(config.options);
  if (!isBytePipe(config.transport)) throw new Error(`transport.type: escpos-serial needs serial or tcp`);
  const line = createLine({ name: "receipt printer", open: openTransport(config.transport), logger });
  const exchange = createExchange(line, createEscposSplitter());
  const memory = createStatusMemory(logger);
  const echoes = createListeners<string>((error) =>
    logger.error({ err: error, device: "receipt printer" }, "a listener failed"),
  );
  let mediaPresent = false;
  let lastJob = 0;

  // Automatic status and echoes come unasked; this splitter is never reset, so it loses none of them.
  const unasked = createEscposSplitter();
  line.onOpen(() => {
    unasked.reset();
    line.write(Uint8Array.from(escpos.enableAsb)).catch(() => undefined);
  });
  line.onData((bytes) => {
    for (const answer of unasked.push(bytes)) {
      if (answer === "bad") continue;
      if (answer.type === "echo") echoes.emit(answer.id);
      if (answer.type === "asb") {
        const status = statusOfAsb(answer.bytes);
        mediaPresent = status.mediaPresent;
        memory.note(status);
      }
    }
  });

  const realTime = async (n: 1 | 2 | 3 | 4, signal: AbortSignal): Promise<number> => {
    const answer = await exchange.request({
      what: `receipt printer: status ${n}`,
      bytes: Uint8Array.from(escpos.realTimeStatus(n)),
      effect: "read",
      timeoutMs: options.answerTimeoutMs,
      retries: options.retries,
      matches: ({ type }) => type === "realTime",
      signal,
    });
    return answer.type === "realTime" ? answer.byte : 0;
  };
  const status = async (signal: AbortSignal): Promise<PrinterStatus> => {
    const bytes = [
      await realTime(1, signal),
      await realTime(2, signal),
      await realTime(3, signal),
      await realTime(4, signal),
    ] as const;
    return memory.note(statusOfRealTime(bytes, mediaPresent));
  };
  const presence = createPresence({
    name: "receipt printer",
    line,
    logger,
    everyMs: () => options.heartbeatMs,
    beat: async (signal) => ((await status(signal)).paper === "jammed" ? "hardwareError" : "online"),
  });

  const write = (bytes: Uint8Array | readonly number[]): Promise<void> => line.write(Uint8Array.from(bytes));
  /** A job that cannot end must not come out of the buffer later, as somebody else's receipt. */
  const dropJob = async (): Promise<void> => {
    await write(escpos.clearBuffers).catch(() => undefined);
  };

  /** Sends bytes and waits for the printer's proof that they were printed. */
  const runJob = async (bytes: Uint8Array, signal: AbortSignal): Promise<void> => {
    throwIfAborted(signal, "printing");
    const fault = faultOf(await status(signal));
    if (fault !== null) throw fault;
    lastJob = (lastJob % 9_999) + 1;
    const id = String(lastJob).padStart(4, "0");
    const job = new AbortController();
    let offs: (() => unknown)[] = [];
    const lost = (why: string, cause?: unknown): DeviceError =>
      new DeviceError("indeterminate", `receipt printer: ${why}; the receipt may be out`, { job: id }, { cause });
    const ended = new Promise<void>((resolve, reject) => {
      const abort = (): void => reject(cancelled("printing"));
      const timer = setTimeout(() => reject(lost("no proof that the job was printed")), options.jobTimeoutMs);
      offs = [
        echoes.add((echoed) => (echoed === id ? resolve() : undefined)),
        line.onClose(() => reject(lost("unplugged while printing"))),
        () => clearTimeout(timer),
        () => signal.removeEventListener("abort", abort),
      ];
      signal.addEventListener("abort", abort, { once: true });
      write(bytes)
        .then(() => write(escpos.echo(id)))
        .catch((error: unknown) => reject(lost("the line broke while sending", error)));
    });
    try {
      await Promise.race([ended, watchJob(id, job.signal)]);
    } catch (error) {
      if (!(error instanceof DeviceError && error.code === "indeterminate")) await dropJob();
      throw error;
    } finally {
      job.abort();
      for (const off of offs) off();
      ended.catch(() => undefined);
    }
  };

  /** Rejects as soon as the printer reports a fault; asks for a lost echo again. Never resolves. */
  const watchJob = async (id: string, signal: AbortSignal): Promise<never> => {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, options.jobPollMs));
      throwIfAborted(signal, "printing");
      let fault: DeviceError | null = null;
      try {
        fault = faultOf(await status(signal));
        if (fault === null) await write(escpos.echo(id));
      } catch (error) {
        throwIfAborted(signal, "printing");
        throw new DeviceError(
          "indeterminate",
          "receipt printer: fell silent while printing",
          { job: id },
          { cause: error },
        );
      }
      if (fault !== null) throw fault;
    }
  };

  return {
    kind: "printer",
    model: "ESC/POS receipt printer",
    formats: ["receipt"],
    state: presence.state,
    onState: presence.onState,
    status,
    onStatus: memory.onStatus,
    printReceipt: (receipt, signal) => runJob(encodeReceipt(receipt, options.columns), signal),
    printPdf: async () => {
      throw new DeviceError("refused", "receipt printer: prints receipts, not PDF; configure a page printer for it");
    },
    cut: (signal) => runJob(Uint8Array.from(escpos.cut), signal),
    reset: async (signal) => {
      await status(signal);
      await dropJob();
      await write(escpos.start);
      return { mediaInside: (await status(signal)).mediaPresent };
    },
    selfTest: async (signal) => {
      const now = await status(signal);
      return { ok: faultOf(now) === null, detail: `paper ${now.paper}, cover ${now.cover}` };
    },
    [Symbol.asyncDispose]: async () => {
      await presence[Symbol.asyncDispose]();
      await line[Symbol.asyncDispose]();
    },
  };
};
