import { AccountOverview } from "@gridhall/domain/backoffice/api.ts";
import { CallDetail, SeatDirectory, Wallboard } from "@gridhall/domain/seats/api.ts";
import { DeskState } from "@gridhall/domain/seats/desk.ts";
import type { SeatState } from "@gridhall/domain/seats/state.ts";
import { Me } from "@gridhall/domain/staff/api.ts";
import { permissionsOf } from "@gridhall/domain/staff/roles.ts";

/** What a desk and a wallboard can look like, one fixture a state. */

export const CALL_ID = "call-1";
const ME = "staff-agent";
const HALL = { hallZh: "津中滨江道营业厅", hallEn: "Binjiang Road hall", unitPath: "p.tj.jz.s1.h1" };
const KIOSK = { deviceId: "k-h1-1", kioskZh: "1号自助终端", kioskEn: "Kiosk 1" };

export function meAs(role: "agent" | "supervisor" | "finance"): Me {
  const grants = [{ role, unitPath: "p.tj" }];
  return Me.parse({
    staffId: ME,
    login: role,
    nameZh: role === "supervisor" ? "班长 周敏" : "远程坐席 陈晨",
    nameEn: role === "supervisor" ? "Zhou Min, supervisor" : "Chen Chen, remote agent",
    unitPath: "p.tj",
    unitNameZh: "天津市电力公司",
    unitNameEn: "Tianjin Electric Power",
    grants,
    permissions: permissionsOf(grants),
    hasTotp: false,
    mustSetUpTotp: false,
  });
}

const status = (state: SeatState, nowMs: number, sinceMs: number, next: unknown = null) => ({
  state,
  sinceMs: nowMs - sinceMs,
  epoch: 7,
  next,
  idleSinceMs: state.name === "ready" ? nowMs - sinceMs : null,
});

const AGENTS: readonly (readonly [
  id: string,
  zh: string,
  en: string,
  group: string,
  state: object,
  sinceMs: number,
])[] = [
  [ME, "远程坐席 陈晨", "Chen Chen", "general", { name: "in-call", callId: CALL_ID }, 194_000],
  ["s2", "远程坐席 林芳", "Lin Fang", "general", { name: "ready" }, 81_000],
  ["s3", "远程坐席 韩磊", "Han Lei", "expert", { name: "ready" }, 305_000],
  ["s4", "远程坐席 王珊珊", "Wang Shanshan", "general", { name: "break", reason: "meal" }, 1_930_000],
  ["s5", "远程坐席 刘强", "Liu Qiang", "general", { name: "in-call", callId: "call-2" }, 1_310_000],
  [
    "s6",
    "远程坐席 赵欣",
    "Zhao Xin",
    "expert",
    { name: "wrap-up", callId: "call-3", untilMs: 0, extended: false },
    66_000,
  ],
  ["s7", "远程坐席 孙悦", "Sun Yue", "general", { name: "missed", callId: "call-4" }, 95_000],
  ["s8", "远程坐席 高翔", "Gao Xiang", "general", { name: "offline" }, 9_000_000],
];

export function directory(nowMs: number): SeatDirectory {
  return SeatDirectory.parse({
    agents: AGENTS.map(([seatId, nameZh, nameEn, group, state, sinceMs], index) => ({
      ...{ seatId, nameZh, nameEn, login: seatId, number: `80${index + 1}`, unitPath: "p.tj", groups: [group] },
      skills: { mandarin: 8, billing: 6 },
      status: status(state as SeatState, nowMs, sinceMs),
    })),
    groups: [
      { groupId: "general", title: { zh: "综合业务组", en: "General services" }, unitPath: "p.tj", agents: 6 },
      { groupId: "expert", title: { zh: "专家组", en: "Experts" }, unitPath: "p.tj", agents: 2 },
    ],
    skills: [
      { skill: "billing", title: { zh: "电费", en: "Billing" } },
      { skill: "new-supply", title: { zh: "新装", en: "New supply" } },
    ],
    customerClasses: [],
  });
}

const caller = (nowMs: number) => ({
  ...HALL,
  ...KIOSK,
  service: "pay-bill",
  journeyId: "j-1",
  accountNo: "1201002345678",
  customerClass: "elderly",
  language: "zh-CN",
  reason: {
    ...{
      policyId: "elderly",
      version: 2,
      step: 0,
      callId: CALL_ID,
      waitedMs: 8_400,
      agedPriority: 80.6,
      requeued: false,
    },
    chosen: { seatId: ME, because: "longest-idle", measure: nowMs - 640_000 },
    others: [
      { whyNot: { code: "outranked" }, seatIds: ["s2"], measures: [nowMs - 81_000] },
      { whyNot: { code: "group", groups: ["general"] }, seatIds: ["s3", "s6"], measures: [] },
      { whyNot: { code: "busy", state: "in-call" }, seatIds: ["s5"], measures: [] },
      { whyNot: { code: "state", state: "break" }, seatIds: ["s4"], measures: [] },
      {
        whyNot: { code: "skill", gaps: [{ skill: "billing", level: 5, has: 2, excluded: false }] },
        seatIds: ["s7"],
        measures: [],
      },
    ],
  },
});

const base = (nowMs: number, state: object, sinceMs: number, next: unknown = null) => ({
  ...{
    nowMs,
    seatId: ME,
    name: { zh: "陈晨", en: "Chen Chen" },
    number: "801",
    isAgent: true,
    offer: null,
    call: null,
    wrap: null,
    waiting: 3,
  },
  status: status(state as SeatState, nowMs, sinceMs, next),
  today: { answered: 27, assistMs: 5_820_000, missed: 1 },
});

const journey = {
  ...{ revision: 12, journeyId: "j-1", serviceId: "pay-bill", title: { zh: "交电费", en: "Pay a bill" } },
  ...{ screen: "find-account", step: { index: 1, of: 4 }, language: "zh-CN", accountNo: "1201002345678" },
  answers: [
    { label: { zh: "查找方式", en: "Find by" }, value: "户号" },
    { label: { zh: "户名", en: "Holder" }, value: "张*国" },
  ],
  fields: [
    {
      ...{
        field: "method",
        label: { zh: "查找方式", en: "Find by" },
        kind: "choice",
        value: "account",
        sensitive: false,
      },
      options: [
        { value: "account", label: { zh: "户号", en: "Account number" } },
        { value: "phone", label: { zh: "手机号", en: "Phone number" } },
      ],
    },
    {
      ...{ field: "value", label: { zh: "户号", en: "Account number" }, kind: "account-no" },
      ...{ options: [], value: null, sensitive: false },
    },
  ],
  moves: [
    { move: "back", label: { zh: "返回上一页", en: "Back" } },
    { move: "home", label: { zh: "返回首页", en: "Home" } },
  ],
  controllable: true,
  busy: false,
};

const talking = (nowMs: number) => ({
  callId: CALL_ID,
  phase: { name: "connected", seatId: ME },
  part: "own",
  caller: caller(nowMs),
  consent: "fill",
  recording: true,
  connectedMs: nowMs - 194_000,
  parties: [{ seatId: ME, name: { zh: "陈晨", en: "Chen Chen" }, role: "agent", mode: "talking", invited: false }],
  customerMedia: { camera: "ok", microphone: "ok", screen: "ok" },
  journey,
  proposal: null,
  proposalAnswer: null,
  shared: null,
  note: "客户找不到户号，帮助查询。",
});

const offer = (nowMs: number, kind: string, fromName: { zh: string; en: string } | null) => ({
  ...{ callId: CALL_ID, callEpoch: 3, kind, fromName, expiresMs: nowMs + 18_000, waitedMs: 8_400 },
  caller: caller(nowMs),
});
const inCall = { name: "in-call", callId: CALL_ID };
const supervising = (nowMs: number, mode: string) => ({
  ...talking(nowMs),
  part: "supervising",
  phase: { name: "connected", seatId: "s5" },
  parties: [
    { seatId: "s5", name: { zh: "刘强", en: "Liu Qiang" }, role: "agent", mode: "talking", invited: false },
    { seatId: ME, name: { zh: "周敏", en: "Zhou Min" }, role: "supervisor", mode, invited: false },
  ],
});
const colleague = (invited: boolean) => ({
  seatId: "s3",
  name: { zh: "韩磊", en: "Han Lei" },
  role: "agent",
  mode: "talking",
  invited,
});
const own = { seatId: ME, name: { zh: "陈晨", en: "Chen Chen" }, role: "agent", mode: "talking", invited: false };

/** Unparsed: `DeskState.parse` makes the ids what they are. */
const states: Readonly<Record<string, (nowMs: number) => unknown>> = {
  offline: (now) => base(now, { name: "offline" }, 500_000),
  ready: (now) => base(now, { name: "ready" }, 45_000),
  break: (now) => base(now, { name: "break", reason: "meal" }, 1_900_000),
  missed: (now) => base(now, { name: "missed", callId: "call-0" }, 70_000),
  "not-an-agent": (now) => ({ ...base(now, { name: "offline" }, 0), isAgent: false, status: null }),
  ringing: (now) => ({
    ...base(now, { name: "reserved", callId: CALL_ID, expiresMs: now + 18_000 }, 2_000),
    offer: offer(now, "call", null),
  }),
  "ringing-transfer": (now) => ({
    ...base(now, { name: "reserved", callId: CALL_ID, expiresMs: now + 18_000 }, 2_000),
    offer: offer(now, "transfer", { zh: "林芳", en: "Lin Fang" }),
  }),
  "ringing-invitation": (now) => ({
    ...base(now, { name: "reserved", callId: CALL_ID, expiresMs: now + 18_000 }, 2_000),
    offer: offer(now, "invitation", { zh: "林芳", en: "Lin Fang" }),
  }),
  call: (now) => ({ ...base(now, inCall, 194_000, { name: "break", reason: "rest" }), call: talking(now) }),
  "call-no-consent": (now) => ({
    ...base(now, inCall, 20_000),
    call: { ...talking(now), consent: "none", recording: false, journey: null, note: "" },
  }),
  "call-control": (now) => ({
    ...base(now, inCall, 194_000),
    call: {
      ...talking(now),
      consent: "control",
      proposal: {
        ...{ proposalId: "p-1234", by: "agent", kind: "field", field: "value" },
        ...{ label: { zh: "户号", en: "Account number" }, value: "1201002345678", shown: "1201002345678" },
      },
      parties: [own, colleague(false)],
    },
  }),
  "call-drawn": (now) => ({
    ...base(now, inCall, 194_000),
    call: { ...talking(now), customerMedia: { camera: "ok", microphone: "ok", screen: "denied" } },
  }),
  "call-held": (now) => ({
    ...base(now, inCall, 194_000),
    call: { ...talking(now), phase: { name: "held", seatId: ME }, parties: [own, colleague(true)] },
  }),
  "call-trouble": (now) => ({
    ...base(now, inCall, 194_000),
    call: {
      ...talking(now),
      phase: { name: "interrupted", seatId: ME, side: "customer", before: "connected" },
      customerMedia: { camera: "absent", microphone: "denied", screen: "broken" },
      proposalAnswer: "declined",
    },
  }),
  "call-payment": (now) => ({
    ...base(now, inCall, 194_000),
    call: {
      ...talking(now),
      consent: "control",
      proposalAnswer: "accepted",
      journey: {
        ...journey,
        ...{ screen: "amount", step: { index: 2, of: 4 }, controllable: false },
        answers: [
          { label: { zh: "户号", en: "Account number" }, value: "1201002345678" },
          { label: { zh: "户名", en: "Holder" }, value: "张*国" },
          { label: { zh: "本次应付", en: "To pay" }, value: "128.40 元" },
        ],
        fields: [
          {
            ...{ field: "prepay", label: { zh: "预存金额", en: "Prepay" }, kind: "amount-fen" },
            ...{ options: [], value: "10000", sensitive: false },
          },
        ],
        moves: [{ move: "confirm-amount", label: { zh: "确认金额", en: "Confirm the amount" } }],
      },
    },
  }),
  "call-listen": (now) => ({ ...base(now, { name: "ready" }, 45_000), call: supervising(now, "listen") }),
  "call-joined": (now) => ({ ...base(now, { name: "ready" }, 45_000), call: supervising(now, "joined") }),
  wrap: (now) => ({
    ...base(now, { name: "wrap-up", callId: CALL_ID, untilMs: now + 24_000, extended: false }, 6_000),
    wrap: {
      ...{ callId: CALL_ID, untilMs: now + 24_000, extended: false, caller: caller(now) },
      note: "客户找不到户号，已帮助查到并缴费。",
    },
  }),
};
export const DESKS = Object.keys(states);

export function deskState(name: string, nowMs: number): DeskState {
  return DeskState.parse(states[name]?.(nowMs));
}

const level = (offered: number, answered: number, abandoned: number, l20: number | null, l12: number | null) => ({
  ...{ offered, answered, abandoned },
  ...{ serviceLevel20: l20, serviceLevel12: l12 },
});

export function board(name: "busy" | "quiet", nowMs: number): Wallboard {
  const busy = name === "busy";
  const agents = AGENTS.map(([seatId, nameZh, nameEn, group, state, sinceMs], index) => ({
    ...{ seatId, nameZh, nameEn, number: `80${index + 1}`, groups: [group] },
    status: status(
      (busy ? state : { name: "ready" }) as SeatState,
      nowMs,
      sinceMs,
      busy && index === 4 ? { name: "break", reason: "meal" } : null,
    ),
    callId: null,
  }));
  const byState: Record<string, number> = {};
  for (const agent of agents) byState[agent.status.state.name] = (byState[agent.status.state.name] ?? 0) + 1;
  const waiting = (n: number, waitedMs: number, service: string | null) => ({
    ...{ callId: `waiting-${n}`, ...HALL, service, queuedMs: nowMs - waitedMs, position: n },
    ...{ policyId: "everyday", step: n === 1 ? 1 : 0 },
  });
  return Wallboard.parse({
    nowMs,
    waiting: busy ? [waiting(2, 14_000, "pay-bill"), waiting(1, 47_000, "query-bill"), waiting(3, 4_000, null)] : [],
    calls: busy
      ? [
          {
            callId: CALL_ID,
            seatId: ME,
            agent: { zh: "陈晨", en: "Chen Chen" },
            ...HALL,
            phase: { name: "connected", seatId: ME },
            sinceMs: nowMs - 194_000,
          },
          {
            callId: "call-2",
            seatId: "s5",
            agent: { zh: "刘强", en: "Liu Qiang" },
            ...HALL,
            phase: { name: "held", seatId: "s5" },
            sinceMs: nowMs - 1_310_000,
          },
        ]
      : [],
    agents,
    byState,
    longestWaitMs: busy ? 47_000 : 0,
    today: busy ? level(188, 176, 9, 0.87, 0.71) : level(0, 0, 0, null, null),
    last30: busy ? level(21, 16, 4, 0.52, 0.38) : level(0, 0, 0, null, null),
  });
}

export function account(): { overview: AccountOverview; journeys: unknown[] } {
  const months = Array.from({ length: 14 }, (_, index) => ({
    ...{ billId: `b${index}`, month: `${index < 3 ? 2025 : 2026}-${String(((index + 9) % 12) + 1).padStart(2, "0")}` },
    ...{
      kwh: 180 + ((index * 53) % 160),
      peakKwh: null,
      flatKwh: null,
      valleyKwh: null,
      amountFen: 12_840,
      paid: true,
    },
  }));
  return {
    overview: AccountOverview.parse({
      ...{ accountNo: "1201002345678", holderMasked: "张*国", addressMasked: "河西区****里3号楼**室" },
      ...{ kind: "residential", prepaidFen: 2_050, arrearsFen: 12_840, lateFeeFen: 64, asOf: "2026-11-25" },
      unpaid: [
        { billId: "b13", month: "2026-10", principalFen: 12_840, lateFeeFen: 64, dueOn: "2026-11-20", overdueDays: 5 },
      ],
      months,
    }),
    journeys: [1, 2, 3].map((n) => ({
      ...{ journeyId: `j-${n}`, ...KIOSK, ...HALL, serviceId: n === 2 ? "query-bill" : "pay-bill" },
      ...{ startedAt: `2026-1${n === 3 ? 0 : 1}-1${n}T02:15:09.000Z`, lastEventAt: "2026-11-12T02:19:00.000Z" },
      ...{ endedAt: "2026-11-12T02:19:00.000Z", outcome: "completed", page: null, accountNo: "1201002345678" },
      ...{ language: "zh-CN", events: 14 },
    })),
  };
}

export function callDetail(nowMs: number): CallDetail {
  const call = { callId: CALL_ID };
  const seat = { seatId: ME, groups: ["general"], unitPath: "p.tj" };
  const request = {
    ...{ deviceId: "k-h1-1", hallId: "h1", unitPath: HALL.unitPath, service: "pay-bill" },
    ...{ customerClass: "elderly", priority: 0, customerKey: "c-1" },
  };
  const at = (ms: number) => nowMs - 210_000 + ms;
  return CallDetail.parse({
    ...call,
    ...HALL,
    ...KIOSK,
    phase: { name: "connected", seatId: ME },
    ...{ service: "pay-bill", journeyId: "j-1", accountNo: "1201002345678", requestedMs: at(0), waitMs: 8_400 },
    ...{ talkMs: 194_000, endedMs: null, agents: ["陈晨"], outcome: null, rating: null, recordings: 1 },
    events: [
      { ...call, seq: 1, atMs: at(0), type: "requested", request },
      { ...call, seq: 2, atMs: at(40), type: "queued", policy: { policyId: "elderly", version: 2 }, step: 0 },
      {
        ...call,
        seq: 3,
        atMs: at(400),
        type: "offered",
        seatId: ME,
        callEpoch: 1,
        seatEpoch: 1,
        expiresMs: at(20_400),
      },
      { ...call, seq: 4, atMs: at(8_400), type: "accepted", ...seat, callEpoch: 1 },
      { ...call, seq: 5, atMs: at(9_900), type: "connected", seatId: ME },
    ],
    decisions: [],
    note: "",
    recordingRows: [],
  });
}

/** A page as the kiosk's UI would map it. */
export const PAGE_MAP = {
  ...{ revision: 12, width: 1080, height: 1920 },
  elements: [
    { elementId: "back", label: "返回", x: 0.04, y: 0.02, width: 0.18, height: 0.05 },
    { elementId: "field:value", label: "户号", x: 0.1, y: 0.24, width: 0.8, height: 0.08 },
    { elementId: "key:1", label: "1", x: 0.1, y: 0.4, width: 0.25, height: 0.09 },
    { elementId: "key:2", label: "2", x: 0.375, y: 0.4, width: 0.25, height: 0.09 },
    { elementId: "key:3", label: "3", x: 0.65, y: 0.4, width: 0.25, height: 0.09 },
    { elementId: "next", label: "下一步", x: 0.1, y: 0.84, width: 0.8, height: 0.08 },
  ],
};
