import { NewWorkOrder } from "@gridhall/domain/seats/api.ts";
import { CallbackPhone } from "@gridhall/domain/seats/assist.ts";

export type WorkOrderType = NewWorkOrder["type"];
export type Urgency = NewWorkOrder["urgency"];
export const WORK_ORDER_TYPES = NewWorkOrder.shape.type.options;
export const URGENCIES = NewWorkOrder.shape.urgency.options;

const MINUTE_MS = 60_000;
/** Default time to be there. The utility promises 45 minutes in cities for emergency repair. */
export const DUE_AFTER_MS: Record<Urgency, number> = {
  emergency: 45 * MINUTE_MS,
  urgent: 4 * 60 * MINUTE_MS,
  normal: 3 * 24 * 60 * MINUTE_MS,
};

export interface WorkOrderDraft {
  readonly type: WorkOrderType | null;
  readonly urgency: Urgency;
  readonly place: string;
  readonly contactPhone: string;
  readonly detail: string;
  readonly dueMs: number | null;
}
export type WorkOrderField = keyof WorkOrderDraft;

/** What is missing or wrong, by field; empty: it can be sent. Codes have words (`order-problem.<code>`). */
export function problemsOf(draft: WorkOrderDraft, nowMs: number): Partial<Record<WorkOrderField, string>> {
  const phone = draft.contactPhone.replaceAll(/[\s-]/g, "");
  return {
    ...(draft.type === null ? { type: "type" } : {}),
    ...(draft.place.trim() === "" ? { place: "place" } : draft.place.length > 200 ? { place: "too-long" } : {}),
    ...(phone !== "" && !CallbackPhone.safeParse(phone).success ? { contactPhone: "phone" } : {}),
    ...(draft.detail.trim() === "" ? { detail: "detail" } : draft.detail.length > 2000 ? { detail: "too-long" } : {}),
    ...(draft.dueMs === null ? { dueMs: "due" } : draft.dueMs <= nowMs ? { dueMs: "due-past" } : {}),
  };
}

/** Null while something is wrong with it. */
export function workOrderOf(draft: WorkOrderDraft, callId: string, nowMs: number): NewWorkOrder | null {
  if (Object.keys(problemsOf(draft, nowMs)).length > 0 || draft.type === null || draft.dueMs === null) return null;
  const phone = draft.contactPhone.replaceAll(/[\s-]/g, "");
  return {
    callId,
    type: draft.type,
    urgency: draft.urgency,
    place: draft.place.trim(),
    contactPhone: phone === "" ? null : phone,
    detail: draft.detail.trim(),
    dueMs: draft.dueMs,
  };
}
