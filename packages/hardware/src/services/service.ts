import type { z } from "zod";
import type { DriverLogger } from "../drivers/config.ts";
import type { Driver } from "../drivers/contracts.ts";
import { CommandFailure } from "../protocol/commandFailure.ts";
import type { CommandDefinition } from "../protocol/define.ts";
import type { CommandHeader } from "../protocol/envelope.ts";
import type { DeviceStatus } from "../protocol/interfaces/status.ts";
import { type CommandName, findCommand, findEvent } from "../protocol/messages.ts";
import { encode, encodeAccepted, faultOf, type OnViolation, parsePayload } from "../protocol/validate.ts";
import { createBackgroundTask } from "./backgroundTask.ts";
import type { Behaviour, CommandContext, Device, Handler } from "./behaviour.ts";
import { capabilitiesOf } from "./capabilities.ts";
import { createCommonHandlers } from "./commonCommands.ts";
import { createCommandQueue, stopCauseOf, type Ticket } from "./commandQueue.ts";
import { createDeviceSlot, defaultRestartLimits, type RestartLimits } from "./deviceSlot.ts";
import { failureOf, type StopCause } from "./faults.ts";
import { errorCodesOf, givenUp, notKnown, refusalOf, safeName, unknownCommand } from "./refusals.ts";

/** One connected client, as a service sees it. */
export interface ServiceClient {
  /** @param mayWait an acknowledge may leave in one packet with what follows in the same turn, often the completion */
  send(text: string, mayWait?: boolean): void;
}

/** A service of the publisher: one device behind its interfaces of the standard. */
export interface XfsService extends AsyncDisposable {
  readonly name: string;
  connect(client: ServiceClient): void;
  /** Its waiting commands are cancelled, and its running one unless it moves money. */
  disconnect(client: ServiceClient): void;
  submit(client: ServiceClient, header: CommandHeader, payload: unknown): void;
  status(): DeviceStatus;
}

export interface ServiceOptions<D extends Driver> {
  name: string;
  /** Makes the driver; called again whenever it has to be replaced. */
  create(): D;
  behave(device: Device<D>): Behaviour<D>;
  logger: DriverLogger;
  onViolation: OnViolation;
  /** Commands that may wait. */
  maximumRequests?: number;
  /** How long a driver may ignore its signal. */
  graceMs?: number;
  restartLimits?: RestartLimits;
}

interface Request {
  client: ServiceClient;
  header: CommandHeader;
  definition: CommandDefinition;
  ticket: Ticket | null;
  stopCause: StopCause | null;
  answered: boolean;
}

export function createService<D extends Driver>(options: ServiceOptions<D>): XfsService {
  const { name, logger, onViolation, maximumRequests = 50 } = options;
  const clients = new Map<ServiceClient, Map<number, Request>>();

  const send = (client: ServiceClient, text: string): void => {
    if (clients.has(client)) client.send(text);
  };
  const check = (type: string, message: string, schema: z.ZodType, payload: unknown): void => {
    const problem = faultOf(schema, payload);
    if (problem !== null) onViolation({ direction: "sent", type, name: message, problem });
  };

  const complete = (request: Request, payload: unknown, failure: CommandFailure | null): void => {
    // A given-up command has been answered; its driver may still come back with something.
    if (request.answered) return;
    request.answered = true;
    const { header, definition, client } = request;
    const requests = clients.get(client);
    if (requests?.get(header.requestId) === request) requests.delete(header.requestId);
    check("completion", header.name, failure === null ? definition.result : definition.failure, payload);
    const completion = {
      type: "completion" as const,
      name: header.name,
      requestId: header.requestId,
      version: definition.completionVersion,
      completionCode: failure?.completionCode ?? ("success" as const),
    };
    send(client, encode(failure === null ? completion : { ...completion, errorDescription: failure.message }, payload));
  };
  const fail = (request: Request, failure: CommandFailure): void => complete(request, failure.payload, failure);

  const unsolicited = (event: string, payload: unknown): void => {
    const definition = findEvent(event);
    if (definition === undefined) throw new Error(`unknown event ${event}`);
    check("unsolicited", event, definition.payload, payload);
    const text = encode({ type: "unsolicited", name: event, version: definition.version }, payload);
    for (const client of clients.keys()) client.send(text);
  };

  const device: Device<D> = {
    driver: () => slot.driver(),
    unsolicited,
    statusChanged: (change) => unsolicited("Common.StatusChangedEvent", change),
    errand: (what, run) => {
      const failed = (error: unknown): void => logger.warn({ err: error, service: name, what }, "an errand failed");
      queue.push({
        timeoutMs: errandMs,
        execute: async (signal) => {
          try {
            await run(slot.driver(), signal);
          } catch (error) {
            failed(error);
          }
        },
        abandon: failed,
      });
    },
    logger,
  };
  const behaviour = options.behave(device);
  const handlers = new Map(Object.entries(behaviour.handlers) as [string, Handler<CommandName>][]);

  const graceMs = options.graceMs ?? defaultGraceMs;
  const background =
    behaviour.background === undefined
      ? null
      : createBackgroundTask({ start: (signal) => behaviour.background?.(signal) ?? null, graceMs, logger });
  const queue = createCommandQueue({
    limit: maximumRequests,
    graceMs,
    onWedged: () => slot.abandon(),
    onIdle: () => background?.idle(),
    beforeJob: () => background?.busy(),
  });
  const slot = createDeviceSlot<D>({
    create: () => options.create(),
    attach: (driver) => behaviour.attach?.(driver) ?? (() => undefined),
    onStatus: (status) => {
      device.statusChanged({ common: { device: status } });
      if (status === "online") behaviour.online?.();
    },
    limits: options.restartLimits ?? defaultRestartLimits,
    logger,
  });
  // The slot reports changes only; a driver that is online from the start has none.
  if (slot.status() === "online") behaviour.online?.();

  const common = createCommonHandlers({
    status: () => {
      const { exchange, userError = false, ...parts } = behaviour.status();
      const device = userError && slot.status() === "online" ? "userError" : slot.status();
      return { common: { device, ...(exchange === undefined ? {} : { exchange }) }, ...parts };
    },
    capabilities: () => capabilitiesOf(behaviour, { model: slot.model(), maximumRequests }),
    cancel: (request: Request, ids) => {
      const own = [...(clients.get(request.client)?.values() ?? [])].filter((one) => one !== request);
      const meant = ids === undefined ? own : own.filter((one) => ids.includes(one.header.requestId));
      for (const one of meant) stopRequest(one, "canceled");
      return meant.length;
    },
    unsolicited,
  });

  const stopRequest = (request: Request, cause: StopCause): void => {
    request.stopCause ??= cause;
    request.ticket?.stop(cause);
  };

  const answerNow = (request: Request, payload: unknown): void => {
    try {
      complete(request, common.answer(request.header.name, payload, request), null);
    } catch (error) {
      fail(request, describe(error, request));
    }
  };

  const describe = (error: unknown, request: Request): CommandFailure => {
    const { definition, stopCause, header } = request;
    const failure = failureOf(error, { effect: definition.effect, known: errorCodesOf(definition) }, stopCause);
    if (failure.completionCode === "internalError") {
      logger.error({ err: error, service: name, command: header.name }, "a command failed by a fault of the service");
    }
    return failure;
  };

  const enqueue = (request: Request, payload: unknown, handler: Handler<CommandName>): void => {
    const { header, client } = request;
    const context = {
      event: (eventName: string, eventPayload: unknown) => {
        const definition = findEvent(eventName);
        if (definition === undefined) throw new Error(`unknown event ${eventName}`);
        check("event", eventName, definition.payload, eventPayload);
        if (request.answered) return;
        const { requestId } = header;
        send(client, encode({ type: "event", name: eventName, requestId, version: definition.version }, eventPayload));
      },
    };
    request.ticket = queue.push({
      timeoutMs: header.timeout ?? 0,
      execute: async (signal) => {
        try {
          const result = await handler(payload as never, { ...context, signal } satisfies CommandContext);
          complete(request, result, null);
        } catch (error) {
          if (signal.aborted) request.stopCause ??= stopCauseOf(signal);
          fail(request, describe(error, request));
        }
      },
      abandon: (cause, stage) => fail(request, givenUp(request.definition, request.stopCause ?? cause, stage)),
    });
  };

  return {
    name,
    status: () => slot.status(),
    connect: (client) => {
      clients.set(client, new Map());
    },
    disconnect: (client) => {
      const requests = clients.get(client);
      clients.delete(client);
      for (const request of requests?.values() ?? []) {
        // Stopping a command that moves money only makes its outcome unclear.
        if (request.definition.effect === "value" && request.ticket?.isRunning() === true) continue;
        stopRequest(request, "canceled");
      }
    },
    submit: (client, header, rawPayload) => {
      const requests = clients.get(client);
      if (requests === undefined) return;
      const refuse = (status: "invalidRequestID" | "tooManyRequests", errorDescription: string): void => {
        const { name: command, requestId, version } = header;
        const acknowledge = {
          type: "acknowledge" as const,
          name: command,
          requestId,
          version,
          status,
          errorDescription,
        };
        send(client, JSON.stringify({ header: acknowledge }));
      };
      if (requests.has(header.requestId)) return refuse("invalidRequestID", "this id is of a command in progress");
      const definition = findCommand(header.name);
      if (definition?.lane !== "immediate" && queue.isFull()) return refuse("tooManyRequests", "the queue is full");

      client.send(encodeAccepted(safeName(header.name), header.version, header.requestId), true);
      const request: Request = {
        client,
        header,
        definition: definition ?? unknownCommand,
        ticket: null,
        stopCause: null,
        answered: false,
      };
      requests.set(header.requestId, request);
      const handler = handlers.get(header.name);
      const problem = refusalOf(header, definition, handler !== undefined || common.has(header.name));
      if (problem !== null || definition === undefined) return fail(request, problem ?? notKnown(header.name));
      const payload = parsePayload(definition.payload, rawPayload);
      if (!payload.ok) return fail(request, new CommandFailure("invalidData", `payload.${payload.problem}`));
      if (handler === undefined) return answerNow(request, payload.value);
      return enqueue(request, payload.value, handler);
    },
    [Symbol.asyncDispose]: async () => {
      await queue.close();
      await background?.close();
      clients.clear();
      await slot[Symbol.asyncDispose]();
    },
  };
}

const defaultGraceMs = 3_000;
const errandMs = 30_000;
