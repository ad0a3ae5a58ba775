import { z } from "zod";
import type { DriverConfig, DriverLogger } from "../config.ts";
import { DeviceError, type PrinterDriver, type PrinterStatus } from "../contracts.ts";
import { pause, throwIfAborted } from "../line/abort.ts";
import { createPresence, requestOnly } from "../line/presence.ts";
import { createIppClient, IppClientOptions } from "./ippClient.ts";
import { type IppAttribute, ippNumber, ippOperations, ippStrings } from "./ippMessage.ts";
import { createStatusMemory, faultOf } from "./status.ts";

const Options = IppClientOptions.extend({
  heartbeatMs: z.int().min(100).max(60_000).default(2_000),
  /** How long a job may take while the printer reports no fault. */
  jobTimeoutMs: z.int().min(500).max(600_000).default(120_000),
  jobPollMs: z.int().min(50).max(5_000).default(300),
});

/** Job states of RFC 8011, 5.3.7. */
const jobStates = { stopped: 6, cancelled: 7, aborted: 8, completed: 9 } as const;

/** RFC 8011, B.1.5.8. */
const serverErrorBusy = 0x0507;
/** printer-state of RFC 8011, 5.4.11. */
const printerStopped = 5;

/**
 * What printer-state-reasons (RFC 8011, 5.4.12) mean. A reason without suffix is an error; `-report` and `-warning` do not
 * stop the printer: with several trays it says "media-empty-report" while it prints from another. `media-needed` does, at any
 * severity: a job waits for paper (CUPS's ippeveprinter says "media-needed-report").
 */
export const statusOfReasons = (reasons: readonly string[], stopped: boolean): PrinterStatus => {
  const any = (...names: string[]): boolean =>
    reasons.some((reason) => names.includes(reason.replace(/-(error|warning|report)$/u, "")));
  const stops = (...names: string[]): boolean =>
    names.some((name) => reasons.includes(name) || reasons.includes(`${name}-error`)) || (stopped && any(...names));
  const noPaper = ["media-empty", "input-tray-missing"];
  const noToner = ["toner-empty", "marker-supply-empty"];
  return {
    paper: any("media-jam")
      ? "jammed"
      : any("media-needed") || stops(...noPaper)
        ? "out"
        : any("media-low", ...noPaper)
          ? "low"
          : "full",
    ink: stops(...noToner) ? "out" : any("toner-low", "marker-supply-low", ...noToner) ? "low" : "full",
    cover: any("cover-open", "door-open", "interlock-open") ? "open" : "closed",
    mediaPresent: any("output-area-almost-full", "output-area-full"),
  };
};

/** Page printer over IPP (RFC 8010, 8011): sends a PDF, answers when the printer says that the job is completed. */
export const createIpp = (config: DriverConfig, logger: DriverLogger): PrinterDriver => {
  const options = Options.parse(config.options);
  if (config.transport.type !== "ipp") throw new Error(`transport.type: the ipp driver needs "ipp" with a uri`);
  const { post, ask } = createIppClient(config.transport.uri, options);
  const memory = createStatusMemory(logger);
  let model = "IPP printer";

  const status = async (signal: AbortSignal): Promise<PrinterStatus> => {
    const wanted: IppAttribute = [
      "requested-attributes",
      "keyword",
      "printer-state",
      "printer-state-reasons",
      "printer-make-and-model",
    ];
    const message = await ask("status", ippOperations.getPrinterAttributes, [wanted], signal);
    model = ippStrings(message, "printer-make-and-model")[0] ?? model;
    const stopped = ippNumber(message, "printer-state") === printerStopped;
    return memory.note(statusOfReasons(ippStrings(message, "printer-state-reasons"), stopped));
  };
  const presence = createPresence({
    name: "page printer",
    line: requestOnly,
    logger,
    everyMs: () => options.heartbeatMs,
    beat: async (signal) => ((await status(signal)).paper === "jammed" ? "hardwareError" : "online"),
  });

  const submitOnce = async (pdf: Uint8Array, copies: number, title: string): Promise<number> => {
    const attributes: IppAttribute[] = [
      ["job-name", "name", title],
      ["document-format", "mimeType", "application/pdf"],
    ];
    try {
      // Not the caller's signal: a document that is half sent when it aborts may still be printed.
      const never = new AbortController().signal;
      const message = await post(
        "print",
        ippOperations.printJob,
        attributes,
        never,
        [["copies", "integer", copies]],
        pdf,
      );
      const jobId = ippNumber(message, "job-id");
      if (jobId === null) throw new DeviceError("protocol", "page printer: print: the answer names no job");
      return jobId;
    } catch (error) {
      if (error instanceof DeviceError && error.code === "refused") throw error;
      throw new DeviceError(
        "indeterminate",
        "page printer: sent, but no answer came; pages may be out",
        { title },
        { cause: error },
      );
    }
  };
  /** A printer that is still busy with the job before has taken nothing: it may be asked again. */
  const submit = async (pdf: Uint8Array, copies: number, title: string, signal: AbortSignal): Promise<number> => {
    const deadline = performance.now() + options.jobTimeoutMs;
    for (;;) {
      try {
        return await submitOnce(pdf, copies, title);
      } catch (error) {
        const busy = error instanceof DeviceError && error.context["ippStatus"] === serverErrorBusy;
        if (!busy || performance.now() > deadline) throw error;
        await pause(options.jobPollMs, signal, "printing");
      }
    }
  };
  const jobAttribute = (jobId: number): IppAttribute => ["job-id", "integer", jobId];
  const dropJob = async (jobId: number): Promise<void> => {
    const signal = AbortSignal.timeout(options.answerTimeoutMs);
    await post("cancel", ippOperations.cancelJob, [jobAttribute(jobId)], signal).catch((error: unknown) => {
      logger.warn({ err: error, jobId }, "the print job could not be cancelled");
    });
  };
  const untilCompleted = async (jobId: number, signal: AbortSignal): Promise<void> => {
    const deadline = performance.now() + options.jobTimeoutMs;
    for (;;) {
      const wanted: IppAttribute = ["requested-attributes", "keyword", "job-state", "job-state-reasons"];
      const message = await ask("job state", ippOperations.getJobAttributes, [jobAttribute(jobId), wanted], signal);
      const state = ippNumber(message, "job-state");
      if (state === jobStates.completed) return;
      if (state === jobStates.cancelled || state === jobStates.aborted) {
        const reasons = ippStrings(message, "job-state-reasons");
        throw new DeviceError("refused", `page printer: the printer gave the job up: ${reasons.join(", ")}`, {
          jobId,
          reasons,
        });
      }
      const fault = faultOf(await status(signal));
      if (fault !== null) throw fault;
      if (performance.now() > deadline)
        throw new DeviceError("timeout", "page printer: the job does not end", { jobId });
      await pause(options.jobPollMs, signal, "printing");
    }
  };

  return {
    kind: "printer",
    get model() {
      return model;
    },
    formats: ["pdf"],
    state: presence.state,
    onState: presence.onState,
    status,
    onStatus: memory.onStatus,
    printReceipt: async () => {
      throw new DeviceError("refused", "page printer: prints PDF, not receipts; configure a receipt printer for them");
    },
    printPdf: async (pdf, { copies, title }, signal) => {
      throwIfAborted(signal, "printing");
      const fault = faultOf(await status(signal));
      if (fault !== null) throw fault;
      const jobId = await submit(pdf, copies, title, signal);
      try {
        await untilCompleted(jobId, signal);
      } catch (error) {
        if (error instanceof DeviceError && ["offline", "protocol"].includes(error.code)) {
          throw new DeviceError(
            "indeterminate",
            "page printer: lost while printing; pages may be out",
            { jobId },
            { cause: error },
          );
        }
        await dropJob(jobId);
        throw error;
      }
    },
    cut: async () => {
      throw new DeviceError("refused", "page printer: has no cutter");
    },
    reset: async (signal) => ({ mediaInside: (await status(signal)).mediaPresent }),
    selfTest: async (signal) => {
      const now = await status(signal);
      return { ok: faultOf(now) === null, detail: `${model}: paper ${now.paper}, ink ${now.ink}` };
    },
    [Symbol.asyncDispose]: async () => {
      await presence[Symbol.asyncDispose]();
    },
  };
};
