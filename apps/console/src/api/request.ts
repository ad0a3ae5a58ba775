import { z } from "zod";

const Refusal = z.looseObject({
  code: z.string().default("internal"),
  message: z.string().default(""),
  fields: z.array(z.object({ field: z.string(), message: z.string() })).default([]),
  until: z.string().optional(),
  permission: z.string().optional(),
});

/** The centre's refusal. `code` is looked up in the dictionary, `message` is the centre's own English sentence. */
export class RequestError extends Error {
  readonly code: string;
  /** 0: the centre could not be reached at all. */
  readonly status: number;
  readonly fields: readonly { field: string; message: string }[];
  readonly until: string | null;
  readonly permission: string | null;
  constructor(status: number, refusal: z.infer<typeof Refusal>, options?: ErrorOptions) {
    super(refusal.message, options);
    this.name = "RequestError";
    this.status = status;
    this.code = refusal.code;
    this.fields = refusal.fields;
    this.until = refusal.until ?? null;
    this.permission = refusal.permission ?? null;
  }
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Path with the query's filled-in values; what is empty is left out. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== "") search.set(key, String(value));
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

async function call<T>(schema: z.ZodType<T>, path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...init });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new RequestError(0, { code: "offline", message: "the centre cannot be reached", fields: [] }, { cause });
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new RequestError(response.status, Refusal.parse(body ?? {}));
  const parsed = schema.safeParse(body);
  if (!parsed.success)
    throw new RequestError(
      response.status,
      { code: "answer.unexpected", message: z.prettifyError(parsed.error), fields: [] },
      { cause: parsed.error },
    );
  return parsed.data;
}

/** Reads from the centre and parses the answer. Throws RequestError. */
export function read<T>(schema: z.ZodType<T>, path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return call(schema, address(path, query), signal ? { signal } : {});
}

/** Changes something at the centre. Throws RequestError. */
export function send<T>(schema: z.ZodType<T>, path: string, body?: unknown): Promise<T> {
  return call(
    schema,
    path,
    body === undefined
      ? { method: "POST" }
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
  );
}

/** Puts something in the place of what the centre has. Throws RequestError. */
export function replace<T>(schema: z.ZodType<T>, path: string, body: unknown): Promise<T> {
  return call(schema, path, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}
