import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { z } from "zod";
import { exceptions, type SchemaException } from "../protocol/exceptions.ts";
import { publishedSchema } from "../protocol/publishSchema.ts";

/**
 * Checks messages as they stand on the wire against three references: our own published schema, the standard's public
 * JSON Schema of release 2021-1 (after putting the header form of 2023-2 back into the old one), and the names of
 * messages and properties of release 2024-3.
 */

export interface Deviation {
  against: "own" | SchemaException["against"];
  message: string;
  fault: SchemaException["fault"];
  where: string;
  detail: string;
}

const Wire = z.object({
  header: z.looseObject({
    type: z.string(),
    name: z.string(),
    version: z.string(),
    requestId: z.number().optional(),
    timeout: z.unknown().optional(),
    status: z.string().optional(),
    completionCode: z.unknown().optional(),
    errorDescription: z.unknown().optional(),
  }),
  payload: z.record(z.string(), z.unknown()).optional(),
});
type Wire = z.infer<typeof Wire>;

const Names = z.record(z.string(), z.tuple([z.string().nullable(), z.array(z.string())]));
/** The keyword of JSON Schema that makes an object look like a promise when it is a literal key. */
const conclusion: string = ["th", "en"].join("");
const Conclusion = z.object({ properties: z.object({ payload: z.object({ $ref: z.string() }) }) });
const OldSchema = z.looseObject({
  allOf: z.array(
    z.looseObject({
      if: z.object({
        properties: z.object({
          header: z.object({
            properties: z.object({
              type: z.object({ const: z.string() }),
              name: z.object({ const: z.string() }).optional(),
            }),
          }),
        }),
      }),
    }),
  ),
});

const reference = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../reference/${file}`, import.meta.url), "utf8"));

export interface Conformance {
  /** One message that was sent, as text. */
  readonly tap: (text: string) => void;
  /** Deviations that no exception allows. */
  readonly unexplained: readonly Deviation[];
  /** "type:name" of all that was sent. */
  readonly seen: ReadonlySet<string>;
  /** Exceptions that no message needed. */
  stale(): SchemaException[];
}

export function createConformance(): Conformance {
  const unexplained: Deviation[] = [];
  const seen = new Set<string>();
  const used = new Set<SchemaException>();
  const note = (deviation: Deviation): void => {
    const exception = exceptions.find((one) => explains(one, deviation));
    if (exception === undefined) unexplained.push(deviation);
    else used.add(exception);
  };
  return {
    unexplained,
    seen,
    stale: () => exceptions.filter((one) => !used.has(one)),
    tap: (text) => {
      const message = Wire.parse(JSON.parse(text));
      seen.add(`${message.header.type}:${message.header.name}`);
      for (const deviation of deviationsOf(message)) note(deviation);
    },
  };
}

function explains(exception: SchemaException, { against, message, fault, where }: Deviation): boolean {
  if (exception.against !== against || exception.fault !== fault || !exception.message.test(message)) return false;
  return exception.where === undefined || exception.where.test(where);
}

/** Where the fault is; for a property that is missing, where it should be. */
function placeOf({ instancePath, keyword, params }: ErrorObject): string {
  return keyword === "required" ? `${instancePath}/${String(params["missingProperty"])}` : instancePath;
}

function deviationsOf(message: Wire): Deviation[] {
  const deviations = [...againstOwn(message), ...against2021(message), ...against2024(message)];
  if (!isRefusal(message)) return deviations;
  const isOfName = ({ fault, where }: Deviation): boolean => fault === "unknown-message" || where === "header/version";
  return deviations.map((deviation) => (isOfName(deviation) ? { ...deviation, where: refused } : deviation));
}

/** Stands for name and version of a message that answers a command which the service does not have: they are the client's. */
const refused = "refused";
function isRefusal({ header: { completionCode } }: Wire): boolean {
  return completionCode === "invalidCommand" || completionCode === "unsupportedCommand";
}

const own = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
const published = publishedSchema();
own.addSchema(published);
const ownValidators = new Map<string, ValidateFunction>();

function againstOwn(message: Wire): Deviation[] {
  const { type, name } = message.header;
  const key = type === "acknowledge" ? type : `${type}:${name}`;
  const deviation = (where: string, detail: string): Deviation => ({
    against: "own",
    message: `${type}:${name}`,
    fault: "invalid",
    where,
    detail,
  });
  let validate = ownValidators.get(key);
  if (validate === undefined) {
    if (!Object.hasOwn(published.$defs, key)) {
      return isRefusal(message) ? [] : [deviation("", "not in the published schema")];
    }
    validate = own.compile({ $ref: `urn:gridhall:xfs4iot#/$defs/${key}` });
    ownValidators.set(key, validate);
  }
  if (validate(message)) return [];
  return (validate.errors ?? []).map((error) => deviation(placeOf(error), error.message ?? error.keyword));
}

const oldSchema = reference("xfs4iot-2021-1.schema.json");
const oldRefs = new Map(
  OldSchema.parse(oldSchema).allOf.map((rule) => {
    const { type, name } = rule.if.properties.header.properties;
    return [`${type.const}:${name?.const ?? ""}`, Conclusion.parse(rule[conclusion]).properties.payload.$ref];
  }),
);
const old = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
old.addSchema(oldSchema as object);
const oldValidators = new Map<string, ValidateFunction>();
function oldValidator(ref: string): ValidateFunction {
  const cached = oldValidators.get(ref);
  if (cached !== undefined) return cached;
  const made = old.compile({ $ref: new URL(ref, "https://xfs4iot.com/").href });
  oldValidators.set(ref, made);
  return made;
}

/** 2021-1 has what now stands in the header in the payload, an id in every header, and "ok" for an accepted command. */
function inOldForm({ header, payload = {} }: Wire): { header: Wire["header"]; payload: Record<string, unknown> } {
  const oldHeader = { type: header.type, name: header.name, version: "1.0", requestId: header.requestId ?? 0 };
  const moved = {
    timeout: header.timeout,
    completionCode: header.completionCode,
    errorDescription: header.errorDescription,
  };
  const kept = Object.entries(moved).filter(([, value]) => value !== undefined);
  const status = header.type === "acknowledge" ? { status: header.status ?? "ok" } : {};
  return { header: oldHeader, payload: { ...payload, ...Object.fromEntries(kept), ...status } };
}

function against2021(message: Wire): Deviation[] {
  const { header, payload } = inOldForm(message);
  const name = `${header.type}:${header.name}`;
  const deviations: Deviation[] = [];
  const check = (validate: ValidateFunction, value: unknown, prefix: string): void => {
    if (validate(value)) return;
    for (const error of validate.errors ?? []) {
      const detail = `${error.message ?? ""} ${JSON.stringify(error.params)}`;
      deviations.push({
        against: "2021-1",
        message: name,
        fault: "invalid",
        where: prefix + placeOf(error),
        detail,
      });
    }
  };
  check(oldValidator("/schemas#/2021-01/Common.XFSHeader"), header, "header");
  const ref = oldRefs.get(header.type === "acknowledge" ? "acknowledge:" : name);
  if (ref === undefined) {
    const detail = "2021-1 has no such message";
    deviations.push({ against: "2021-1", message: name, fault: "unknown-message", where: "", detail });
  } else check(oldValidator(ref), payload, "");
  return deviations;
}

const names = Names.parse(reference("xfs4iot-2024-3.messages.json"));

function against2024({ header, payload = {} }: Wire): Deviation[] {
  const { type, name, version } = header;
  // Acknowledges are no messages of their own: they carry the name of the command, whatever it is, and no payload.
  if (type === "acknowledge") return [];
  const key = `${type}:${name}`;
  const deviation = (fault: Deviation["fault"], where: string, detail: string): Deviation => ({
    against: "2024-3",
    message: `${type}:${name}`,
    fault,
    where,
    detail,
  });
  const known = Object.hasOwn(names, key) ? names[key] : undefined;
  if (known === undefined) return [deviation("unknown-message", "", "2024-3 has no such message")];
  const [knownVersion, properties] = known;
  const deviations = Object.keys(payload)
    .filter((property) => !properties.includes(property) && properties.length > 0)
    .map((property) => deviation("unknown-property", property, "2024-3 has no such property"));
  if (version !== knownVersion) {
    deviations.push(deviation("invalid", "header/version", `2024-3 has version ${knownVersion}`));
  }
  return deviations;
}
