import type { CustomerAction, Screen } from "@gridhall/domain/kiosk/view.ts";

/**
 * What a customer's touch was aimed at. Views are pushed often (clock, seconds left), so an older revision alone says
 * nothing: a touch means what it meant as long as the place is the same.
 */
export interface Place {
  session: number;
  /** Rises each time a page is entered: the same page on a second visit is another one. */
  visit: number;
  kind: Screen["kind"];
  /** What tells two faces of one page apart where the same button means something else on each. */
  face: string;
}

export function placeOf(session: number, visit: number, screen: Screen): Place {
  // What was typed as an account number must not be looked up as a phone number.
  const face = screen.kind === "find-account" ? screen.method : screen.kind === "recovery" ? screen.state : "";
  return { session, visit, kind: screen.kind, face };
}

/** Whether the action still means what it meant where it was made; `made` is null where nobody knows any more. */
export function stillMeant(action: CustomerAction, made: Place | null, now: Place): boolean {
  switch (action.type) {
    // Mean the same wherever one stands, and change nothing that cannot be taken back.
    case "touch":
    case "help":
    case "close-overlay":
      return true;
    // How this customer reads, on whatever page; never how the one before did.
    case "settings":
      return made?.session === now.session;
    // The panel of the call stands beside every page; a proposal is named by its own id.
    case "call-start":
    case "call-end":
    case "call-choose":
    case "call-callback":
    case "call-message":
    case "call-consent":
    case "call-recording":
    case "call-answer":
    case "call-put-away":
    case "call-rate":
      return made?.session === now.session;
    // Names the face it wants: two quick touches on two tabs end on the second.
    case "find-method":
      return made !== null && samePage(made, now);
    default:
      return made !== null && samePage(made, now) && made.face === now.face;
  }
}

function samePage(a: Place, b: Place): boolean {
  return a.session === b.session && a.visit === b.visit && a.kind === b.kind;
}

/** A touch cannot be under way for longer than this many changes of place. */
const PLACES_KEPT = 50;

export interface Places {
  /** Call with each view that is shown; revisions rise. */
  shown(revision: number, place: Place): void;
  /** The place that was shown at the revision; null for one that was never shown or is forgotten. */
  at(revision: number): Place | null;
}

export function createPlaces(): Places {
  const entries: { fromRevision: number; place: Place }[] = [];
  let lastRevision = -1;
  return {
    shown(revision, place) {
      lastRevision = revision;
      const last = entries.at(-1)?.place;
      if (last && samePage(last, place) && last.face === place.face) return;
      entries.push({ fromRevision: revision, place });
      if (entries.length > PLACES_KEPT) entries.shift();
    },
    at: (revision) =>
      revision > lastRevision ? null : (entries.findLast((entry) => entry.fromRevision <= revision)?.place ?? null),
  };
}
