import { z } from "zod";

/**
 * What one execution of a command may change in the world. `read` changes nothing; `move` moves paper, cards, notes that
 * still belong to the customer, or keys, and can be repeated; `value` moves money from one owner to the other, is never
 * repeated by itself, and a lost answer to it is settled by evidence.
 */
export type Effect = "read" | "move" | "value";

/** Where a command waits: in the service's one queue, or nowhere (it is answered even while another one runs). */
export type Lane = "queue" | "immediate";

type Shape = z.core.$ZodShape;

export interface CommandDefinition<
  P extends z.ZodObject = z.ZodObject,
  R extends z.ZodObject = z.ZodObject,
  F extends z.ZodType = z.ZodType,
> {
  readonly version: string;
  readonly completionVersion: string;
  readonly effect: Effect;
  readonly lane: Lane;
  readonly payload: P;
  /** Payload of a completion with code success. */
  readonly result: R;
  /** Payload of any other completion: what is known of the result, and the errorCode where the code is commandErrorCode. */
  readonly failure: F;
}

/**
 * Says what a value command answers when its own answer was lost on the way from the device: whether it took effect is
 * not known to the service, and must be settled by counts. No code of the standard says that, so this one is ours.
 */
export const indeterminate = "X-indeterminate";

export interface EventDefinition<P extends z.ZodObject = z.ZodObject> {
  readonly version: string;
  /** `event`: belongs to a running command. `unsolicited`: goes to every client of the service. */
  readonly type: "event" | "unsolicited";
  readonly payload: P;
}

type Body = Shape | z.ZodObject;
type AsObject<B extends Body> = B extends z.ZodObject ? B : B extends Shape ? z.ZodObject<B> : never;
const nothing = z.object({});
type Nothing = typeof nothing;

function asObject<B extends Body>(body: B | undefined): AsObject<B> {
  const object = body === undefined ? nothing : body instanceof z.ZodObject ? body : z.object(body);
  return object as unknown as AsObject<B>;
}

/** A command of the catalogue; versions are those of release 2024-3 unless the name begins with X-. */
export function command<
  P extends Body = Nothing,
  R extends Body = Nothing,
  const E extends readonly string[] = readonly [],
>(definition: {
  version: `${number}.${number}`;
  completionVersion?: `${number}.${number}`;
  effect: Effect;
  lane?: Lane;
  payload?: P;
  result?: R;
  errors?: E;
}) {
  const payload = asObject(definition.payload);
  const result = asObject(definition.result);
  const codes = [...(definition.errors ?? []), ...(definition.effect === "value" ? [indeterminate] : [])];
  const failure =
    codes.length > 0 ? result.partial().extend({ errorCode: z.enum(codes).optional() }) : result.partial();
  return {
    version: definition.version,
    completionVersion: definition.completionVersion ?? definition.version,
    effect: definition.effect,
    lane: definition.lane ?? "queue",
    payload,
    result,
    // partial() and extend() of a generic object lose its type.
    failure: failure as unknown as z.ZodType<
      Partial<z.infer<AsObject<R>>> & { errorCode?: E[number] | typeof indeterminate | undefined }
    >,
  };
}

/** An event that belongs to a running command and goes only to the client that sent it. */
export function event<P extends Body = Nothing>(version: `${number}.${number}`, payload?: P) {
  return { version, type: "event" as const, payload: asObject(payload) };
}

/** An event that goes to every client of the service. */
export function unsolicited<P extends Body = Nothing>(version: `${number}.${number}`, payload?: P) {
  return { version, type: "unsolicited" as const, payload: asObject(payload) };
}

/**
 * Base64 with padding. Length and letters are checked apart: the standard's own pattern keeps a backtrack entry per group,
 * which a PDF of some megabytes overflows.
 */
export const Base64 = z
  .string()
  .regex(/^[A-Za-z0-9+/]+={0,2}$/)
  .refine((text) => text.length % 4 === 0, "Base64 comes in groups of four characters");

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

export function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}

/** `{a?: boolean, b?: boolean}`: how the standard writes sets of options. */
export function flags<const K extends readonly string[]>(names: K) {
  const shape = Object.fromEntries(names.map((name) => [name, z.boolean().optional()]));
  return z.object(shape as { [N in K[number]]: z.ZodOptional<z.ZodBoolean> });
}
