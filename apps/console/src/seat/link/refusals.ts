/** Every reason for which the centre may refuse an order of a desk; each has words (`refused.<reason>`). */
export const REFUSALS = [
  "not-your-call",
  "offer-over",
  "wrong-phase",
  "stale-epoch",
  "other-seat",
  "other-call",
  "out-of-order",
  "first-is-requested",
  "already-rated",
  "unknown-call",
  "call.not-found",
  "while-reserved",
  "after-this-call",
  "after-wrap-up",
  "after-the-fault",
  "not-ready",
  "wrong-state",
  "already-extended",
  "not-due",
  "nobody-ready-in-group",
  "unknown-seat",
  "that-is-you",
  "seat-not-ready",
  "nobody-signed-in",
  "wrap-up-is-over",
  "somebody-is-invited",
  "nobody-to-hand-over-to",
  "nobody-talks",
  "not-waiting",
  "not-a-supervisor",
  "no-consent-to-view",
  "no-consent-to-point",
  "no-consent-to-fill",
  "no-consent-to-control",
  "page-has-no-such-field",
  "field-is-sensitive",
  "page-has-no-such-way",
  "page-cannot-be-controlled",
  "unreadable",
  "internal",
  /** Ours: the order never left this page. */
  "not-connected",
] as const;

export interface RefusedOrder {
  readonly n: number;
  /** Type of the order. */
  readonly order: string;
  readonly reason: string;
}
