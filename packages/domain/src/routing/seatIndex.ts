import type { CallId, SeatId } from "../seats/schema.ts";
import { Bits } from "./bits.ts";
import { isAble, type Ring } from "./ring.ts";
import type { Seat } from "./seat.ts";

/** A seat with its place in the bit sets. */
export interface SeatSlot {
  readonly slot: number;
  seat: Seat;
  /** The call that was offered to it or that it took, until that is over. */
  callId: CallId | null;
}

/** The seats by slot number, and sets of slots for everything that is asked often. */
export class SeatIndex {
  readonly #byId = new Map<SeatId, SeatSlot>();
  readonly #slots: (SeatSlot | null)[] = [];
  readonly #free: number[] = [];
  readonly #rings = new Map<string, { ring: Ring; able: Bits }>();
  /** Ready and without a call. */
  readonly free = new Bits();
  readonly signedIn = new Bits();
  /** Ready, or at a call that will end: what a waiting customer can hope for. */
  readonly working = new Bits();
  /** Rises whenever what a seat can do changes, or which seats there are. */
  version = 0;

  get(seatId: SeatId): SeatSlot | undefined {
    return this.#byId.get(seatId);
  }

  at(slot: number): SeatSlot {
    const found = this.#slots[slot];
    if (!found) throw new RangeError(`no seat in slot ${slot}`);
    return found;
  }

  all(): Iterable<SeatSlot> {
    return this.#byId.values();
  }

  /** Stores a seat's row. `abilityChanged`: its skills, groups or unit are others than before, or it is new. */
  put(seat: Seat): { entry: SeatSlot; abilityChanged: boolean } {
    const known = this.#byId.get(seat.seatId);
    const entry = known ?? this.#add(seat);
    const abilityChanged = !known || !sameAbility(known.seat, seat);
    entry.seat = seat;
    if (abilityChanged) {
      this.version += 1;
      for (const { ring, able } of this.#rings.values()) able.put(entry.slot, isAble(ring, seat));
    }
    this.refresh(entry);
    return { entry, abilityChanged };
  }

  #add(seat: Seat): SeatSlot {
    const slot = this.#free.pop() ?? this.#slots.length;
    const entry: SeatSlot = { slot, seat, callId: null };
    this.#slots[slot] = entry;
    this.#byId.set(seat.seatId, entry);
    return entry;
  }

  remove(entry: SeatSlot): void {
    this.#byId.delete(entry.seat.seatId);
    this.#slots[entry.slot] = null;
    this.#free.push(entry.slot);
    for (const set of [this.free, this.signedIn, this.working]) set.put(entry.slot, false);
    for (const { able } of this.#rings.values()) able.put(entry.slot, false);
    this.version += 1;
  }

  /** To be called after every change of a slot's status or call. */
  refresh(entry: SeatSlot): void {
    const { slot, seat } = entry;
    const { name } = seat.status.state;
    const busy = name === "reserved" || name === "connecting" || name === "in-call" || name === "wrap-up";
    this.free.put(slot, name === "ready" && entry.callId === null);
    this.working.put(slot, name === "ready" || busy);
    this.signedIn.put(slot, name !== "offline" && name !== "fault");
  }

  /**
   * The slots of all seats that are able to take calls of a ring. The set stays up to date until the ring is forgotten;
   * that of a ring for one agent is made anew each time, as there are many and each is needed once.
   */
  ableFor(ring: Ring): Bits {
    const able = new Bits();
    if (ring.only !== null) {
      const entry = this.#byId.get(ring.only.seatId);
      if (entry) able.put(entry.slot, isAble(ring, entry.seat));
      return able;
    }
    const known = this.#rings.get(ring.key);
    if (known) return known.able;
    for (const { slot, seat } of this.#byId.values()) if (isAble(ring, seat)) able.put(slot, true);
    this.#rings.set(ring.key, { ring, able });
    return able;
  }

  forgetRings(isNeeded: (key: string) => boolean): void {
    for (const key of this.#rings.keys()) if (!isNeeded(key)) this.#rings.delete(key);
  }
}

function sameAbility(a: Seat, b: Seat): boolean {
  if (a.unitPath !== b.unitPath || a.groups.length !== b.groups.length) return false;
  if (a.groups.some((group, index) => b.groups[index] !== group)) return false;
  const skills = Object.keys(a.skills);
  return skills.length === Object.keys(b.skills).length && skills.every((skill) => a.skills[skill] === b.skills[skill]);
}
