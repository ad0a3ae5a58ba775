import { type GroupId, isWithin, type UnitPath } from "../seats/schema.ts";
import { fault, type PolicyFault } from "./fault.ts";
import { comparePolicies } from "./match.ts";
import type { Match, RoutingPolicy, Step } from "./policy.ts";
import type { Seat } from "./seat.ts";
import { meets, type SkillExpression, skillsIn } from "./skills.ts";

/** What policies may speak of. */
export interface RoutingDirectory {
  readonly units: readonly UnitPath[];
  readonly halls: readonly { readonly hallId: string; readonly unitPath: UnitPath }[];
  readonly devices: readonly string[];
  readonly services: readonly string[];
  readonly customerClasses: readonly string[];
  readonly groups: readonly GroupId[];
  readonly skills: readonly { readonly skill: string; readonly highestLevel: number }[];
  /** Everybody who can sign in, whatever they are doing now. Empty: not known, so steps are not tried on them. */
  readonly seats: readonly Pick<Seat, "unitPath" | "groups" | "skills">[];
}

/** Everything wrong with a set of policies from `nowMs` on, with the field and the remedy; empty where nothing is. */
export function validatePolicies(
  policies: readonly RoutingPolicy[],
  directory: RoutingDirectory,
  nowMs: number,
): PolicyFault[] {
  return [
    ...policies.flatMap((policy) => [
      ...wordFaults(policy, directory),
      ...orderFaults(policy),
      ...stepFaults(policy, directory),
    ]),
    ...setFaults(policies, directory),
    ...gaps(policies, nowMs),
  ];
}

/** Names that do not exist. */
function wordFaults(policy: RoutingPolicy, directory: RoutingDirectory): PolicyFault[] {
  const faults: PolicyFault[] = [];
  const check = (
    code: Parameters<typeof fault>[0],
    known: readonly string[],
    used: readonly string[],
    path: readonly (string | number)[],
  ): void => {
    used.forEach((word, index) => {
      if (!known.includes(word)) faults.push(fault(code, policy, [...path, index], word));
    });
  };
  const { match } = policy;
  check("unknown-device", directory.devices, match.devices, ["match", "devices"]);
  check(
    "unknown-hall",
    directory.halls.map(({ hallId }) => hallId),
    match.halls,
    ["match", "halls"],
  );
  check("unknown-unit", directory.units, match.units, ["match", "units"]);
  check("unknown-service", directory.services, match.services, ["match", "services"]);
  check("unknown-customer-class", directory.customerClasses, match.customerClasses, ["match", "customerClasses"]);
  policy.steps.forEach((step, index) => {
    const at = ["steps", index];
    check("unknown-group", directory.groups, step.groups, [...at, "groups"]);
    if (step.units.kind === "units")
      check("unknown-unit", directory.units, step.units.units, [...at, "units", "units"]);
    for (const [skill, level] of skillsIn(step.skills)) {
      const known = directory.skills.find((entry) => entry.skill === skill);
      if (!known) faults.push(fault("unknown-skill", policy, [...at, "skills"], skill));
      else if (level > known.highestLevel)
        faults.push(fault("level-too-high", policy, [...at, "skills"], `${skill}>=${level}`));
    }
  });
  return faults;
}

/** Times and endings that do not go together. */
function orderFaults(policy: RoutingPolicy): PolicyFault[] {
  const faults: PolicyFault[] = [];
  const { steps, ending } = policy;
  if (policy.validUntilMs !== null && policy.validUntilMs <= policy.validFromMs)
    faults.push(fault("period-empty", policy, ["validUntilMs"]));
  if (steps.length === 0 && ending === "keep-waiting") faults.push(fault("nothing-to-wait-for", policy, ["ending"]));
  steps.forEach((step, index) => {
    const at = ["steps", index];
    const waitsOn = index === steps.length - 1 && ending === "keep-waiting";
    if (index === 0 && step.entry === "overflow") faults.push(fault("overflow-first", policy, [...at, "entry"]));
    if (step.expiryMs === null && !waitsOn) faults.push(fault("step-never-ends", policy, [...at, "expiryMs"]));
    if (step.expiryMs !== null && waitsOn) faults.push(fault("expiry-without-effect", policy, [...at, "expiryMs"]));
    if (step.expiryMs !== null && !waitsOn && step.ringMs > step.expiryMs)
      faults.push(fault("ring-longer-than-step", policy, [...at, "ringMs"]));
    const forOneAgent = step.strategy.kind === "sticky" && step.strategy.otherwise === null;
    if (waitsOn && forOneAgent && (step.entry === "overflow" || index === 0))
      faults.push(fault("waits-for-one-agent", policy, [...at, "strategy", "otherwise"]));
  });
  return faults;
}

/** Steps that nobody fits into. Scopes that depend on the customer are tried for each hall. */
function stepFaults(policy: RoutingPolicy, directory: RoutingDirectory): PolicyFault[] {
  const faults: PolicyFault[] = [];
  let before = new Set<number>();
  policy.steps.forEach((step, index) => {
    const at = ["steps", index];
    if (isNeverMet(step.skills)) {
      faults.push(fault("skill-never-met", policy, [...at, "skills"]));
      return;
    }
    if (directory.seats.length === 0) return;
    const able = new Set<number>();
    directory.seats.forEach((seat, number) => {
      if (mayFit(step, seat, directory)) able.add(number);
    });
    const forOneAgent = step.strategy.kind === "sticky" && step.strategy.otherwise === null;
    const widens = index > 0 && step.entry === "widen";
    if (able.size === 0) faults.push(fault("step-without-seats", policy, at));
    else if (widens && step.units.kind !== "customer" && [...able].every((number) => before.has(number)))
      faults.push(fault("step-adds-nobody", policy, at));
    // A ring for the last agent or for the customer's own unit may have been smaller for the call at hand.
    const own = forOneAgent || step.units.kind === "customer" ? [] : able;
    before = widens ? new Set([...before, ...own]) : new Set(own);
  });
  return faults;
}

function mayFit(step: Step, seat: Pick<Seat, "unitPath" | "groups" | "skills">, directory: RoutingDirectory): boolean {
  if (step.groups.length > 0 && !step.groups.some((group) => seat.groups.includes(group))) return false;
  if (!meets(step.skills, seat.skills)) return false;
  const scope = step.units;
  switch (scope.kind) {
    case "any":
      return true;
    case "units":
      return scope.units.some((unit) => isWithin(seat.unitPath, unit));
    case "customer":
      return directory.halls.some(({ unitPath }) => {
        const labels = unitPath.split(".");
        return isWithin(seat.unitPath, labels.slice(0, Math.max(1, labels.length - scope.levelsUp)).join("."));
      });
    default:
      return scope satisfies never;
  }
}

/** True of expressions that no levels at all meet. Few skills are named, so all that matters can be tried. */
function isNeverMet(expression: SkillExpression): boolean {
  const thresholds = new Map<string, Set<number>>();
  collect(expression, thresholds);
  let combinations: Record<string, number>[] = [{}];
  for (const [skill, levels] of thresholds) {
    combinations = combinations.flatMap((levelsSoFar) =>
      [0, ...levels].map((level) => ({ ...levelsSoFar, [skill]: level })),
    );
    // Beyond this an expression is taken to be meetable rather than tried for minutes.
    if (combinations.length > 20_000) return false;
  }
  return !combinations.some((levels) => meets(expression, levels));
}

function collect(expression: SkillExpression, into: Map<string, Set<number>>): void {
  switch (expression.op) {
    case "skill":
      into.set(expression.skill, (into.get(expression.skill) ?? new Set()).add(expression.atLeast));
      return;
    case "not":
      return collect(expression.of, into);
    case "all":
    case "any":
      for (const part of expression.of) collect(part, into);
      return;
    default:
      return expression satisfies never;
  }
}

/** Policies that stand in each other's way. */
function setFaults(policies: readonly RoutingPolicy[], directory: RoutingDirectory): PolicyFault[] {
  const faults: PolicyFault[] = [];
  const ordered = policies.toSorted(comparePolicies);
  ordered.forEach((policy, index) => {
    if (isEmpty(policy)) return;
    const twins = policies.filter((other) => other.policyId === policy.policyId && other.version === policy.version);
    if (twins.length > 1 && twins[0] === policy) faults.push(fault("duplicate-version", policy, ["version"]));
    const newer = policies.find(
      (other) => other.policyId === policy.policyId && other.version > policy.version && coversPeriod(other, policy),
    );
    if (newer) {
      faults.push(fault("never-in-force", policy, ["validFromMs"], `${newer.policyId}@${newer.version}`));
      return;
    }
    const rivals = ordered.slice(0, index).filter((other) => other.policyId !== policy.policyId && !isEmpty(other));
    const hiding = rivals.find(
      (other) =>
        coversPeriod(other, policy) && isNewest(other, policies) && coversMatch(other.match, policy.match, directory),
    );
    if (hiding) faults.push(fault("unreachable", policy, ["priority"], `${hiding.policyId}@${hiding.version}`));
    const rival = rivals.find(
      (other) =>
        other !== hiding &&
        other.priority === policy.priority &&
        overlaps(other, policy) &&
        mayBothMatch(other.match, policy.match),
    );
    if (rival) faults.push(fault("same-priority", policy, ["priority"], `${rival.policyId}@${rival.version}`));
  });
  return faults;
}

const untilOf = (policy: RoutingPolicy): number => policy.validUntilMs ?? Number.POSITIVE_INFINITY;
const isEmpty = (policy: RoutingPolicy): boolean => untilOf(policy) <= policy.validFromMs;

function coversPeriod(a: RoutingPolicy, b: RoutingPolicy): boolean {
  return a.validFromMs <= b.validFromMs && untilOf(a) >= untilOf(b);
}

function overlaps(a: RoutingPolicy, b: RoutingPolicy): boolean {
  return a.validFromMs < untilOf(b) && b.validFromMs < untilOf(a);
}

function isNewest(policy: RoutingPolicy, policies: readonly RoutingPolicy[]): boolean {
  return !policies.some(
    (other) => other.policyId === policy.policyId && other.version > policy.version && overlaps(other, policy),
  );
}

/** Does every request that `b` matches match `a` too? May say no where it is so, never yes where it is not. */
function coversMatch(a: Match, b: Match, directory: RoutingDirectory): boolean {
  const holds = (wide: readonly string[], narrow: readonly string[]) =>
    wide.length === 0 || (narrow.length > 0 && narrow.every((word) => wide.includes(word)));
  const inUnits = (path: string) => a.units.some((unit) => isWithin(path, unit));
  const hallPaths = b.halls.map((hallId) => directory.halls.find((hall) => hall.hallId === hallId)?.unitPath);
  const units =
    a.units.length === 0 ||
    (b.units.length > 0 && b.units.every(inUnits)) ||
    (hallPaths.length > 0 && hallPaths.every((path) => path !== undefined && inUnits(path)));
  const times =
    a.times.length === 0 ||
    (b.times.length > 0 &&
      b.times.every((window) => a.times.some((other) => JSON.stringify(other) === JSON.stringify(window))));
  return (
    [units, times, holds(a.devices, b.devices), holds(a.halls, b.halls), holds(a.services, b.services)].every(
      Boolean,
    ) &&
    holds(a.customerClasses, b.customerClasses) &&
    (a.priorityAtLeast ?? 0) <= (b.priorityAtLeast ?? 0)
  );
}

/** May one request match both? Times are not compared: windows that never meet are rarely both written down. */
function mayBothMatch(a: Match, b: Match): boolean {
  const share = (one: readonly string[], other: readonly string[]) =>
    one.length === 0 || other.length === 0 || one.some((word) => other.includes(word));
  const units =
    a.units.length === 0 ||
    b.units.length === 0 ||
    a.units.some((one) => b.units.some((other) => isWithin(one, other) || isWithin(other, one)));
  return (
    units &&
    share(a.devices, b.devices) &&
    share(a.halls, b.halls) &&
    share(a.services, b.services) &&
    share(a.customerClasses, b.customerClasses)
  );
}

/** Times from now on in which no policy without any condition is in force. */
function gaps(policies: readonly RoutingPolicy[], nowMs: number): PolicyFault[] {
  const catchAlls = policies
    .filter((policy) => isCatchAll(policy.match) && !isEmpty(policy))
    .toSorted((a, b) => a.validFromMs - b.validFromMs);
  const faults: PolicyFault[] = [];
  let coveredUntil = nowMs;
  for (const policy of catchAlls) {
    if (untilOf(policy) <= coveredUntil) continue;
    if (policy.validFromMs > coveredUntil)
      faults.push(fault("no-catch-all", null, [], `${coveredUntil}–${policy.validFromMs}`));
    coveredUntil = untilOf(policy);
  }
  if (coveredUntil !== Number.POSITIVE_INFINITY) faults.push(fault("no-catch-all", null, [], `${coveredUntil}–`));
  return faults;
}

function isCatchAll(match: Match): boolean {
  const lists = [match.devices, match.halls, match.units, match.services, match.customerClasses, match.times];
  return lists.every((list) => list.length === 0) && (match.priorityAtLeast ?? 0) === 0;
}
