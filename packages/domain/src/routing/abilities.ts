import { type GroupId, isWithin } from "../seats/schema.ts";
import { Bits } from "./bits.ts";
import type { WhyNot } from "./reason.ts";
import type { Ring } from "./ring.ts";
import type { Seat } from "./seat.ts";
import { meets, type SkillExpression, skillGaps } from "./skills.ts";

/** Seats that have one thing in common, by slot, kept up to date. */
interface Feature {
  readonly holds: (seat: Seat) => boolean;
  readonly slots: Bits;
}

/** Why seats do not meet an expression: one object for all seats with the same gaps, worked out when asked for. */
interface SkillReasons {
  readonly byGaps: Map<string, WhyNot>;
  readonly bySlot: (WhyNot | null | undefined)[];
}

/**
 * What seats can do, as sets of slots: a ring is the seats of its groups and of its units that meet its skills. There are
 * few groups, units and expressions, and many rings.
 */
export class Abilities {
  readonly #seats: () => Iterable<{ readonly slot: number; readonly seat: Seat }>;
  readonly #groups = new Map<GroupId, Feature>();
  readonly #units = new Map<string, Feature>();
  readonly #skills = new Map<SkillExpression, Feature>();
  readonly #reasons = new Map<SkillExpression, SkillReasons>();

  constructor(seats: () => Iterable<{ readonly slot: number; readonly seat: Seat }>) {
    this.#seats = seats;
  }

  /** A seat is new, can do something else, or is gone (null). */
  follow(slot: number, seat: Seat | null): void {
    for (const features of [this.#groups, this.#units, this.#skills])
      for (const { holds, slots } of features.values()) slots.put(slot, seat !== null && holds(seat));
    for (const { bySlot } of this.#reasons.values()) bySlot[slot] = undefined;
  }

  /** Adds the slots that are able to take calls of a ring that is not for one agent alone. */
  addAble(ring: Ring, into: Bits): void {
    const skilled = this.#feature(this.#skills, ring.skills, (seat) => meets(ring.skills, seat.skills));
    const units = ring.units?.map((unit) => this.#unit(unit)) ?? null;
    const groups = ring.groups.map((group) => this.#group(group));
    const length = skilled.words.length;
    for (let at = 0; at < length; at += 1) {
      let word = skilled.words[at] ?? 0;
      if (units) word &= units.reduce((sum, slots) => sum | (slots.words[at] ?? 0), 0);
      if (groups.length > 0) word &= groups.reduce((sum, slots) => sum | (slots.words[at] ?? 0), 0);
      into.addWord(at, word);
    }
  }

  /** The reasons of a ring; what `whyNotAble` says of each seat, the same object for the same reason. */
  reasonsOf(ring: Ring): (slot: number, seat: Seat) => WhyNot {
    const groups = ring.groups.map((group) => this.#group(group));
    const units = ring.units?.map((unit) => this.#unit(unit)) ?? null;
    const notTheOne: WhyNot = { code: ring.only?.as === "target" ? "not-the-target" : "not-last-agent" };
    const group: WhyNot = { code: "group", groups: [...ring.groups] };
    const unit: WhyNot = { code: "unit", units: [...(ring.units ?? [])] };
    return (slot, seat) => {
      if (ring.only !== null && ring.only.seatId !== seat.seatId) return notTheOne;
      if (groups.length > 0 && !groups.some((slots) => slots.has(slot))) return group;
      if (units && !units.some((slots) => slots.has(slot))) return unit;
      return this.#skillReason(ring.skills, slot, seat);
    };
  }

  #skillReason(skills: SkillExpression, slot: number, seat: Seat): WhyNot {
    let reasons = this.#reasons.get(skills);
    if (!reasons) {
      reasons = { byGaps: new Map(), bySlot: [] };
      this.#reasons.set(skills, reasons);
    }
    const known = reasons.bySlot[slot];
    if (known) return known;
    const gaps = skillGaps(skills, seat.skills);
    const key = gaps.map((gap) => `${gap.skill} ${gap.level} ${gap.has} ${gap.excluded}`).join();
    const reason: WhyNot = reasons.byGaps.get(key) ?? { code: "skill", gaps };
    reasons.byGaps.set(key, reason);
    reasons.bySlot[slot] = reason;
    return reason;
  }

  #group(group: GroupId): Bits {
    return this.#feature(this.#groups, group, (seat) => seat.groups.includes(group));
  }

  #unit(unit: string): Bits {
    return this.#feature(this.#units, unit, (seat) => isWithin(seat.unitPath, unit));
  }

  #feature<K>(features: Map<K, Feature>, key: K, holds: (seat: Seat) => boolean): Bits {
    const known = features.get(key);
    if (known) return known.slots;
    const slots = new Bits();
    for (const { slot, seat } of this.#seats()) if (holds(seat)) slots.put(slot, true);
    features.set(key, { holds, slots });
    return slots;
  }

  /** Expressions belong to versions of policies, and would pile up. */
  forgetSkills(isNeeded: (skills: SkillExpression) => boolean): void {
    for (const features of [this.#skills, this.#reasons])
      for (const skills of features.keys()) if (!isNeeded(skills)) features.delete(skills);
  }
}
