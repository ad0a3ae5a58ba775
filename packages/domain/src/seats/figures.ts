/**
 * The statistics of remote agent seats, each with its one definition. The definitions are meant to be enough to write the
 * same figure in SQL over the stored events and get the same number.
 *
 * Words. Period: instants from `fromMs` (inclusive) to `untilMs` (exclusive). First X of a call: its X event with the
 * smallest seq. Duration: milliseconds between the `atMs` of two events, 0 where negative.
 * - Call: everything with one callId. It belongs to the period of its first `queued`; calls without one belong to none.
 *   All of its events count, also those after the period.
 * - Assist: a pair of call and seat with at least one `connected` by the seat or `transferred` to the seat. It belongs to
 *   the period of the first of these. A seat that gets the same call again still has one assist.
 * - Hand-over: one `transferred` or `requeued` event. It belongs to the period of its call.
 * - Offer: one `offered` event. It belongs to the period of its `atMs`.
 * - Seat time: how long a seat was in a state: from a seat event to the next one of that seat (by seq), both ends cut to
 *   the period; the last event lasts to the end of the period. A new event with the same state changes nothing.
 */
export const SEAT_FIGURES = {
  offered: {
    basis: "call",
    unit: "count",
    zh: "进线量",
    en: "Calls offered",
    definition: "Number of calls.",
  },
  answered: {
    basis: "call",
    unit: "count",
    zh: "接通量",
    en: "Calls answered",
    definition: "Number of calls with at least one connected.",
  },
  abandoned: {
    basis: "call",
    unit: "count",
    zh: "放弃量",
    en: "Calls abandoned",
    definition:
      "Number of calls with an abandoned event and without connected, where the time from first queued to abandoned is at least the short-abandon threshold (5,000 ms unless set otherwise).",
  },
  shortAbandoned: {
    basis: "call",
    unit: "count",
    zh: "短时放弃量",
    en: "Short abandons",
    definition: "As abandoned, but below the short-abandon threshold.",
  },
  abandonment: {
    basis: "call",
    unit: "share",
    zh: "放弃率",
    en: "Abandonment",
    definition: "abandoned ÷ (offered − shortAbandoned); null where the divisor is 0.",
  },
  callbacks: {
    basis: "call",
    unit: "count",
    zh: "回拨登记量",
    en: "Callbacks left",
    definition: "Number of calls with a callback-left event.",
  },
  messages: {
    basis: "call",
    unit: "count",
    zh: "留言量",
    en: "Messages left",
    definition: "Number of calls with a message-left event.",
  },
  applicants: {
    basis: "call",
    unit: "count",
    zh: "申请人数",
    en: "Applicants",
    definition: "Number of distinct customerKey among the requested events of the calls.",
  },
  meanWaitMs: {
    basis: "call",
    unit: "ms",
    zh: "平均等待时长",
    en: "Mean wait",
    definition: "Mean over the answered calls of the time from first queued to first connected; null without any.",
  },
  longestWaitMs: {
    basis: "call",
    unit: "ms",
    zh: "最长等待时长",
    en: "Longest wait",
    definition:
      "Greatest time from first queued to the first of connected, abandoned, callback-left, message-left and ended, over the calls that have one of these; null without any.",
  },
  serviceLevel20: {
    basis: "call",
    unit: "share",
    zh: "20秒接通率",
    en: "Answered within 20 s",
    definition:
      "Number of answered calls whose time from first queued to first connected is at most 20,000 ms ÷ (offered − shortAbandoned); null where the divisor is 0. Calls that were abandoned later, left a callback or a message, or still wait count as not answered in time.",
  },
  serviceLevel12: {
    basis: "call",
    unit: "share",
    zh: "12秒(四声铃)接通率",
    en: "Answered within 12 s (four rings)",
    definition: "As serviceLevel20 with 12,000 ms.",
  },
  transfers: {
    basis: "hand-over",
    unit: "count",
    zh: "转接量",
    en: "Transfers",
    definition:
      "Number of transferred events of the calls, to a seat or to the queue: one each, whatever offers follow it.",
  },
  requeues: {
    basis: "hand-over",
    unit: "count",
    zh: "重新排队量",
    en: "Requeues",
    definition: "Number of requeued events of the calls.",
  },
  assists: {
    basis: "assist",
    unit: "count",
    zh: "协助次数",
    en: "Assists",
    definition: "Number of assists. Grouped by agent this is what the agent answered.",
  },
  assistMs: {
    basis: "assist",
    unit: "ms",
    zh: "协助总时长",
    en: "Assist time",
    definition:
      "Sum over the assists of the time in which the seat has the call: from connected by the seat, or transferred to it, to the next transferred, requeued or ended of the call, or, while there is none, the instant of asking; without the times from interrupted to the next of rejoined, transferred, requeued, ended. Time on hold is part of it.",
  },
  meanAssistMs: {
    basis: "assist",
    unit: "ms",
    zh: "平均协助时长",
    en: "Mean assist time",
    definition: "assistMs ÷ assists; null without any.",
  },
  rating: {
    basis: "assist",
    unit: "score",
    zh: "平均评分",
    en: "Rating",
    definition:
      "Mean of the score of rated over the assists whose seat was the last of its call to be connected or transferred to and whose call has a rated event; null without any. A call's rating counts once, for the seat that finished it.",
  },
  ratings: {
    basis: "assist",
    unit: "count",
    zh: "评分数",
    en: "Ratings",
    definition: "Number of ratings in the mean of rating.",
  },
  offersMade: {
    basis: "offer",
    unit: "count",
    zh: "振铃次数",
    en: "Offers",
    definition: "Number of offers.",
  },
  offersRangOut: {
    basis: "offer",
    unit: "count",
    zh: "未应答次数",
    en: "Offers missed",
    definition: "Number of offers with an offer-expired of the same call and callEpoch whose cause is rang-out.",
  },
  offersRefused: {
    basis: "offer",
    unit: "count",
    zh: "拒接次数",
    en: "Offers refused",
    definition: "Number of offers with a refused of the same call and callEpoch.",
  },
  signedInMs: {
    basis: "seat-time",
    unit: "ms",
    zh: "签入时长",
    en: "Signed in",
    definition: "Seat time in every state but offline.",
  },
  busyMs: {
    basis: "seat-time",
    unit: "ms",
    zh: "工作时长",
    en: "At calls",
    definition: "Seat time in connecting, in-call and wrap-up.",
  },
  wrapUpMs: {
    basis: "seat-time",
    unit: "ms",
    zh: "话后整理时长",
    en: "Wrap-up time",
    definition: "Seat time in wrap-up.",
  },
  breakMs: {
    basis: "seat-time",
    unit: "ms",
    zh: "小休时长",
    en: "Breaks",
    definition: "Seat time in break.",
  },
  occupancy: {
    basis: "seat-time",
    unit: "share",
    zh: "占用率",
    en: "Occupancy",
    definition: "busyMs ÷ seat time in ready, reserved, connecting, in-call and wrap-up; null where the divisor is 0.",
  },
} as const satisfies Record<string, SeatFigureDefinition>;

export interface SeatFigureDefinition {
  readonly basis: "call" | "assist" | "hand-over" | "offer" | "seat-time";
  readonly unit: "count" | "ms" | "share" | "score";
  readonly zh: string;
  readonly en: string;
  readonly definition: string;
}
export type SeatFigure = keyof typeof SEAT_FIGURES;

/**
 * By what figures are grouped, and where the key comes from.
 * - `hall`, `unit`, `service`: hallId, unitPath, service of the call's `requested` (null is a key of its own). Seat time
 *   has none of them: its figures are null.
 * - `period`: the start of the slice of `sliceMs` since `fromMs` that the item's own instant lies in; seat time is cut at
 *   the slices.
 * - `agent`, `group`, `seat-unit`: of a call the seat of its first `connected`, so calls that nobody answered are in no
 *   row; of an assist its seat; of a hand-over fromSeatId; of an offer and of seat time the seat. What the seat belonged
 *   to is what the call's last `accepted` or `transferred` that names the seat says up to then (of hand-overs and
 *   assists: up to the event; of a first `connected`: up to it); of an offer what the seat's last event not after it
 *   says, by seq; of seat time what its event says. A seat of several groups counts in each, so rows of groups may add
 *   up to more than the whole.
 */
export const GROUPINGS = ["none", "agent", "group", "seat-unit", "unit", "hall", "service", "period"] as const;
export type Grouping = (typeof GROUPINGS)[number];
