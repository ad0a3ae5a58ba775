import type { IncomingMessage, ServerResponse } from "node:http";
import type { FaultEngine } from "../faults/engine.ts";
import { createStore } from "../state/store.ts";
import { createDevice, PowerLost, type SimulatedDevice, type Wire } from "../wire/device.ts";
import { createHttpConnector } from "../wire/httpConnector.ts";
import { type Attribute, encodeResponse, type IppRequest, parseRequest, tags } from "./ippServerMessage.ts";
import {
  createPageMechanics,
  initialPagePrinterState,
  isStopped,
  type PageJob,
  type PagePrinterState,
  reasonsOf,
} from "./model.ts";

export interface PagePrinterDevice extends SimulatedDevice {
  uri: () => string;
  /** Newest last: files of the PDFs that came out. */
  printed: () => { id: number; title: string; file: string; taken: boolean }[];
  setPaper: (level: PagePrinterState["paper"]) => void;
  jam: () => void;
  clearJam: () => void;
  setCover: (open: boolean) => void;
  takePages: () => { taken: number };
}

const operations = {
  printJob: 0x0002,
  validateJob: 0x0004,
  cancelJob: 0x0008,
  getJobAttributes: 0x0009,
  getJobs: 0x000a,
  getPrinterAttributes: 0x000b,
};
const status = {
  ok: 0x0000,
  badRequest: 0x0400,
  notPossible: 0x0404,
  notFound: 0x0406,
  notSupported: 0x0501,
  badFormat: 0x040a,
};
const jobStates: Readonly<Record<PageJob["state"], number>> = {
  pending: 3,
  processing: 5,
  stopped: 6,
  cancelled: 7,
  aborted: 8,
  completed: 9,
};
const maxDocument = 64 * 1024 * 1024;

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxDocument) throw new RangeError("document too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** Our own small IPP printer: what ippeveprinter cannot be made to do (jam, open cover, silence) it can. */
export const createIppResponder = (settings: {
  stateFile: string;
  /** Where the printed PDFs are put. */
  folder: string;
  port: number;
  faults: FaultEngine;
  pageMs: number;
  onError: (error: unknown) => void;
}): PagePrinterDevice => {
  const store = createStore<PagePrinterState>(settings.stateFile, initialPagePrinterState);
  let wire: Wire | null = null;
  const mechanics = createPageMechanics({
    store,
    folder: settings.folder,
    pageMs: settings.pageMs,
    jams: async () => (await wire?.at("print.page"))?.type === "jam",
  });
  const background = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => {
      if (!(error instanceof PowerLost)) settings.onError(error);
    });
  };

  const jobAttributes = (job: PageJob): readonly Attribute[] => [
    [tags.integer, "job-id", [job.id]],
    [tags.uri, "job-uri", [`${uri()}/${job.id}`]],
    [tags.enum, "job-state", [jobStates[job.state]]],
    [tags.keyword, "job-state-reasons", [job.state === "completed" ? "job-completed-successfully" : "none"]],
    [tags.name, "job-name", [job.title]],
  ];
  const printerAttributes = (): readonly Attribute[] => [
    [tags.enum, "printer-state", [isStopped(store.state) ? 5 : 3]],
    [tags.keyword, "printer-state-reasons", reasonsOf(store.state)],
    [tags.text, "printer-make-and-model", ["GH-PAGE 5"]],
    [tags.mimeType, "document-format-supported", ["application/pdf"]],
    [tags.boolean, "printer-is-accepting-jobs", [true]],
    [tags.keyword, "media-ready", store.state.paper === "out" ? ["none"] : ["iso_a4_210x297mm"]],
  ];
  const printJob = ({ requestId, attributes, document }: IppRequest): Buffer => {
    if (document.toString("latin1", 0, 5) !== "%PDF-") return encodeResponse(status.badFormat, requestId);
    const title = String(attributes.get("job-name")?.[0] ?? "untitled");
    const job = mechanics.submit(title, Number(attributes.get("copies")?.[0] ?? 1), document);
    background(mechanics.work());
    return encodeResponse(status.ok, requestId, [[tags.jobGroup, jobAttributes(job)]]);
  };
  const answer = (request: IppRequest): Buffer => {
    const { operation, requestId, attributes } = request;
    const jobId = Number(attributes.get("job-id")?.[0] ?? 0);
    const job = store.state.jobs.find(({ id }) => id === jobId);
    switch (operation) {
      case operations.printJob:
        return printJob(request);
      case operations.validateJob:
        return encodeResponse(status.ok, requestId);
      case operations.getPrinterAttributes:
        return encodeResponse(status.ok, requestId, [[tags.printerGroup, printerAttributes()]]);
      case operations.getJobAttributes:
        if (job === undefined) return encodeResponse(status.notFound, requestId);
        return encodeResponse(status.ok, requestId, [[tags.jobGroup, jobAttributes(job)]]);
      case operations.getJobs:
        return encodeResponse(
          status.ok,
          requestId,
          store.state.jobs.map((one) => [tags.jobGroup, jobAttributes(one)] as const),
        );
      case operations.cancelJob:
        return encodeResponse(mechanics.cancel(jobId) ? status.ok : status.notPossible, requestId);
      default:
        return encodeResponse(status.notSupported, requestId);
    }
  };
  const names = new Map(Object.entries(operations).map(([name, code]) => [code, name]));
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const current = wire;
    if (request.method !== "POST" || current === null) return void response.writeHead(405).end();
    const parsed = parseRequest(await bodyOf(request));
    const name = names.get(parsed.operation) ?? "unknown";
    await current.at(`${name}.received`);
    const bytes = answer(parsed);
    await current.at(`${name}.done`);
    const fault = await current.at(`${name}.answer`);
    // Silence: the request stays open, as a hung printer leaves it.
    if (fault?.type === "silence") return;
    response.writeHead(200, { "content-type": "application/ipp" });
    response.end(
      fault?.type === "half-frame" || fault?.type === "bad-checksum" ? bytes.subarray(0, bytes.length >> 1) : bytes,
    );
  };
  const connector = createHttpConnector(settings.port, (request, response) => {
    respond(request, response).catch(() => response.destroy());
  });
  const uri = (): string => `ipp://127.0.0.1:${connector.port()}/ipp/print`;
  const device = createDevice({
    name: "a4",
    faults: settings.faults,
    connect: () => connector,
    boot: (next) => {
      wire = next;
      background(mechanics.work());
      return { receive: () => undefined, stop: () => (wire = null) };
    },
    reload: store.reload,
    snapshot: () => ({ ...store.state, uri: uri() }),
    onError: settings.onError,
  });
  const change = (act: (state: PagePrinterState) => void): void => {
    act(store.state);
    store.commit();
    if (device.isPowered()) background(mechanics.work());
  };
  return {
    ...device,
    uri,
    printed: () =>
      store.state.jobs
        .filter(({ state }) => state === "completed")
        .map(({ id, title, file, where }) => ({ id, title, file, taken: where === "taken" })),
    setPaper: (level) => change((state) => (state.paper = level)),
    jam: () => change((state) => (state.jammed = true)),
    clearJam: () => change((state) => (state.jammed = false)),
    setCover: (open) => change((state) => (state.coverOpen = open)),
    takePages: mechanics.takePages,
  };
};
