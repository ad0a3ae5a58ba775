import type { CallId, SeatId } from "../seats/schema.ts";
import { Abilities } from "./abilities.ts";
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
  readonly #unused: number[] = [];
  readonly abilities = new Abilities(() => this.#byId.values());
  /** Ready and without a call. */
  readonly free = new Bits();
  readonly signedIn = new Bits();
  /** Ready, or at a call that will end: what a waiting customer can hope for. */
  readonly working = new Bits();

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
    if (abilityChanged) this.abilities.follow(entry.slot, seat);
    this.refresh(entry);
    return { entry, abilityChanged };
  }

  #add(seat: Seat): SeatSlot {
    const slot = this.#unused.pop() ?? this.#slots.length;
    const entry: SeatSlot = { slot, seat, callId: null };
    this.#slots[slot] = entry;
    this.#byId.set(seat.seatId, entry);
    return entry;
  }

  remove(entry: SeatSlot): void {
    this.#byId.delete(entry.seat.seatId);
    this.#slots[entry.slot] = null;
    this.#unused.push(entry.slot);
    for (const set of [this.free, this.signedIn, this.working]) set.put(entry.slot, false);
    this.abilities.follow(entry.slot, null);
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

  /** The slots of all seats that are able to take calls of any of the rings. */
  ableFor(rings: readonly Ring[]): Bits {
    const able = new Bits();
    for (const ring of rings) {
      if (ring.only === null) this.abilities.addAble(ring, able);
      else {
        const entry = this.#byId.get(ring.only.seatId);
        if (entry && isAble(ring, entry.seat)) able.put(entry.slot, true);
      }
    }
    return able;
  }
}

function sameAbility(a: Seat, b: Seat): boolean {
  if (a.unitPath !== b.unitPath || a.groups.length !== b.groups.length) return false;
  if (a.groups.some((group, index) => b.groups[index] !== group)) return false;
  const skills = Object.keys(a.skills);
  return skills.length === Object.keys(b.skills).length && skills.every((skill) => a.skills[skill] === b.skills[skill]);
}
