import { z } from "zod";
import { PinnedPolicy } from "../seats/schema.ts";

/** What is wrong with a set of policies. `error`: it must not be published; `warning`: it may be meant. */
export const FAULTS = {
  "duplicate-version": {
    severity: "error",
    zh: "同一策略版本出现两次,请改用新的版本号",
    en: "this version exists already; give it a new number",
  },
  "period-empty": {
    severity: "error",
    zh: "失效时间不晚于生效时间,请调整有效期",
    en: "it ends before it begins; correct the period",
  },
  "never-in-force": {
    severity: "error",
    zh: "有效期完全被较新版本覆盖,本版本不会生效",
    en: "a newer version is in force all the time; end the newer one or drop this one",
  },
  unreachable: {
    severity: "error",
    zh: "优先级更高的策略已覆盖其全部情形,请提高优先级或缩小对方的条件",
    en: "a policy looked at before it takes all of its calls; raise the priority or narrow the other one",
  },
  "same-priority": {
    severity: "warning",
    zh: "与同优先级策略的有效期和条件重叠,先后仅由生效时间和编号决定,请设定不同优先级",
    en: "overlaps a policy of the same priority, so only dates and ids decide; give them different priorities",
  },
  "no-catch-all": {
    severity: "error",
    zh: "该时段内有来访可能没有任何策略,请补充无条件的兜底策略",
    en: "calls may match no policy in this time; add one without conditions",
  },
  "nothing-to-wait-for": {
    severity: "error",
    zh: "没有任何步骤却要求继续等待,请添加步骤或改为回拨、留言",
    en: "it keeps waiting without a step; add a step or end with callback or message",
  },
  "skill-never-met": {
    severity: "error",
    zh: "技能条件永远无法满足,请修改表达式",
    en: "no seat can ever meet this expression; correct it",
  },
  "step-without-seats": {
    severity: "error",
    zh: "没有任何坐席符合该步骤,请放宽技能、班组或单位",
    en: "no seat fits this step; widen skills, groups or units",
  },
  "step-adds-nobody": {
    severity: "warning",
    zh: "该步骤没有增加任何坐席,请放宽条件或删除该步骤",
    en: "the step adds no seat to those before; widen it or drop it",
  },
  "step-never-ends": {
    severity: "error",
    zh: "该步骤没有时限,后面的步骤或结束方式永远不会到达,请设定时限",
    en: "the step has no time limit, so what follows is never reached; set one",
  },
  "expiry-without-effect": {
    severity: "warning",
    zh: "最后一步会一直等待,时限不起作用,请去掉时限或改变结束方式",
    en: "the last step keeps waiting, so its time limit has no effect; drop it or change the ending",
  },
  "ring-longer-than-step": {
    severity: "error",
    zh: "振铃时间长于步骤时限,请缩短振铃或延长步骤",
    en: "it rings longer than the step lasts; shorten the ring or lengthen the step",
  },
  "overflow-first": {
    severity: "warning",
    zh: "第一步无处可溢出,请改为“扩大”",
    en: "the first step has nothing to overflow from; make it widen",
  },
  "waits-for-one-agent": {
    severity: "error",
    zh: "最后一步只等上次的坐席,客户可能一直无人接听,请指定其他选择方式",
    en: "the last step waits for one agent without end; say who else may help",
  },
  "unknown-group": { severity: "error", zh: "班组不存在,请选择现有班组", en: "no such group; choose an existing one" },
  "unknown-unit": { severity: "error", zh: "单位不存在,请选择现有单位", en: "no such unit; choose an existing one" },
  "unknown-skill": { severity: "error", zh: "技能不存在,请选择现有技能", en: "no such skill; choose an existing one" },
  "level-too-high": {
    severity: "error",
    zh: "技能等级高于该技能的最高等级,请降低等级",
    en: "above the highest level of this skill; lower it",
  },
  "unknown-device": {
    severity: "error",
    zh: "终端不存在,请选择现有终端",
    en: "no such device; choose an existing one",
  },
  "unknown-hall": {
    severity: "error",
    zh: "营业厅不存在,请选择现有营业厅",
    en: "no such hall; choose an existing one",
  },
  "unknown-service": {
    severity: "error",
    zh: "业务不存在,请选择现有业务",
    en: "no such service; choose an existing one",
  },
  "unknown-customer-class": {
    severity: "error",
    zh: "客户类别不存在,请选择现有类别",
    en: "no such customer class; choose an existing one",
  },
} as const satisfies Record<string, { severity: "error" | "warning"; zh: string; en: string }>;
export type FaultCode = keyof typeof FAULTS;

export const PolicyFault = z.object({
  code: z.custom<FaultCode>((value) => typeof value === "string" && value in FAULTS),
  severity: z.enum(["error", "warning"]),
  /** Null: of the set as a whole. */
  policy: PinnedPolicy.nullable(),
  /** The field, as `["steps", 1, "groups", 0]`. */
  path: z.array(z.union([z.string(), z.number()])),
  remedy: z.object({ zh: z.string(), en: z.string() }),
  /** The other policy, the unknown id, the time without policy … */
  detail: z.string(),
});
export type PolicyFault = z.infer<typeof PolicyFault>;

export function fault(
  code: FaultCode,
  policy: PinnedPolicy | null,
  path: readonly (string | number)[],
  detail = "",
): PolicyFault {
  const { severity, zh, en } = FAULTS[code];
  const pinned = policy && { policyId: policy.policyId, version: policy.version };
  return { code, severity, policy: pinned, path: [...path], remedy: { zh, en }, detail };
}
