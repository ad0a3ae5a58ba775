import { allows, type Proposal } from "@gridhall/domain/seats/assist.ts";
import type { DeskToCentre } from "@gridhall/domain/seats/desk.ts";
import { CallId } from "@gridhall/domain/seats/schema.ts";
import { seatOfPhase } from "@gridhall/domain/seats/applyCallEvent.ts";
import type { Logger } from "pino";
import { writeAudit } from "../audit/chain.ts";
import { type Database, inScope, SYSTEM } from "../db/database.ts";
import type { Bus } from "../live/bus.ts";
import { HallError } from "../web/errors.ts";
import { type CallActions, Refused } from "./callActions.ts";
import { findCall } from "./callStore.ts";
import type { HostedCall, HostedCalls } from "./hostedCalls.ts";
import { findSeat } from "./seatStore.ts";

/**
 * What a desk orders. Orders that change rows are carried out where the desk's socket is; those that only matter at
 * this moment (media, pointing, proposals) go to the node that hosts the call.
 */
export function createOrders(options: {
  db: Database;
  bus: Bus;
  logger: Logger;
  actions: CallActions;
  calls: HostedCalls;
  newId(): string;
}): { take(seatId: string, supervises: boolean, order: DeskToCentre): void } & Disposable {
  const { db, bus, logger, actions, calls } = options;

  const refused = (seatId: string, order: string, cause: unknown): void => {
    if (cause instanceof Refused)
      return bus.emit("desk.told", { seatId, message: { type: "refused", order, reason: cause.reason } });
    if (cause instanceof HallError)
      return bus.emit("desk.told", { seatId, message: { type: "refused", order, reason: cause.code } });
    logger.error(
      { seatId, order, cause: cause instanceof Error ? cause.stack : String(cause) },
      "a desk's order failed",
    );
    bus.emit("desk.told", { seatId, message: { type: "refused", order, reason: "internal" } });
  };

  const needSupervisor = (supervises: boolean): void => {
    if (!supervises) throw new Refused("not-a-supervisor");
  };
  const audit = async (
    seatId: string,
    action: string,
    subject: string,
    detail: Record<string, unknown>,
  ): Promise<void> =>
    inScope(db, SYSTEM, async (tx) => {
      const record = await findCall(tx, subject);
      const seat = record ? null : await findSeat(tx, subject);
      await writeAudit(tx, {
        unitPath: record?.unit_path ?? seat?.unit_path ?? "p",
        actor: `staff:${seatId}`,
        action,
        subject,
        detail,
      });
    });

  /** Null: it is for the node that hosts the call. */
  const inRows = (seatId: string, supervises: boolean, order: DeskToCentre): Promise<unknown> | null => {
    switch (order.type) {
      case "alive":
        return Promise.resolve();
      case "state":
        return actions.requestState(seatId, order.to);
      case "accept":
        return actions.accept(seatId, order.callId, order.callEpoch);
      case "refuse":
        return actions.refuse(seatId, order.callId, order.callEpoch, order.reason);
      case "hang-up":
        return actions.hangUp(seatId, order.callId);
      case "hold":
        return actions.hold(seatId, order.callId, order.on);
      case "note":
        return actions.note(seatId, order.callId, order.note);
      case "transfer":
        return order.mode === "blind"
          ? actions.transferBlind(seatId, order.callId, order.to)
          : actions.invite(seatId, order.callId, order.to, "transfer");
      case "complete-transfer":
        return actions.completeTransfer(seatId, order.callId);
      case "cancel-transfer":
        return actions.cancelInvitation(seatId, order.callId);
      case "invite":
        return actions.invite(seatId, order.callId, { kind: "seat", seatId: order.seatId }, "invitation");
      case "leave":
        return actions.leaveParty(seatId, order.callId);
      case "wrap":
        return actions.wrap(seatId, order.callId, order.outcome, order.note);
      case "extend-wrap":
        return actions.extendWrap(seatId);
      case "supervise":
        return (async () => {
          needSupervisor(supervises);
          await actions.supervise(seatId, order.callId, order.mode);
          await audit(seatId, `call.${order.mode}`, order.callId, {});
        })();
      case "force-state":
        return (async () => {
          needSupervisor(supervises);
          await actions.requestState(order.seatId, order.to);
          await audit(seatId, "seat.state-forced", order.seatId, { to: order.to });
        })();
      case "reroute":
        return (async () => {
          needSupervisor(supervises);
          await actions.reroute(order.callId, order.to);
          await audit(seatId, "call.rerouted", order.callId, { to: order.to });
        })();
      case "ask-consent":
      case "ask-recording":
      case "propose-field":
      case "propose-move":
      case "withdraw":
      case "point":
      case "highlight":
      case "share":
      case "control-field":
      case "control-move":
      case "media-join":
      case "media":
        return null;
      default:
        return order satisfies never;
    }
  };

  const atHost = async (seatId: string, order: DeskToCentre): Promise<void> => {
    if (!("callId" in order)) return;
    const call = calls.get(order.callId);
    if (!call) return;
    const callId = CallId.parse(order.callId);
    if (order.type === "media-join") return calls.joinDesk(call, seatId);
    if (order.type === "media") return calls.deskMedia(call, seatId, order.message);
    requireHelper(call, seatId);
    const need = (level: "view" | "point" | "fill" | "control"): void => {
      if (!allows(call.record.live.consent, level)) throw new Refused(`no-consent-to-${level}`);
    };
    const propose = async (proposal: Proposal): Promise<void> => {
      call.proposal = proposal;
      call.proposalAnswer = null;
      calls.toDevice(call, { type: "propose", callId, proposal });
      stale(call);
    };
    const base = { proposalId: options.newId(), by: "agent" };
    switch (order.type) {
      case "ask-consent":
        return propose({ ...base, kind: "consent", level: order.level });
      case "ask-recording":
        return propose({ ...base, kind: "recording" });
      case "propose-field": {
        need("view");
        const field = call.journey?.fields.find((one) => one.field === order.field);
        if (!field) throw new Refused("page-has-no-such-field");
        if (field.sensitive) throw new Refused("field-is-sensitive");
        const shown = shownValue(field.kind, field.options, order.value);
        return propose({ ...base, kind: "field", field: field.field, label: field.label, value: order.value, shown });
      }
      case "propose-move": {
        need("view");
        const move = call.journey?.moves.find((one) => one.move === order.move);
        if (!move) throw new Refused("page-has-no-such-way");
        return propose({ ...base, kind: "move", move: move.move, label: move.label });
      }
      case "withdraw":
        if (call.proposal?.proposalId !== order.proposalId) return;
        call.proposal = null;
        calls.toDevice(call, { type: "withdraw", callId, proposalId: order.proposalId });
        return stale(call);
      case "point":
        need("point");
        return calls.toDevice(call, { type: "point", callId, pointer: order.pointer });
      case "highlight":
        need("point");
        return calls.toDevice(call, { type: "highlight", callId, elementId: order.elementId });
      case "share":
        call.shared = order.item;
        calls.toDevice(call, { type: "share", callId, item: order.item });
        return stale(call);
      case "control-field":
      case "control-move": {
        need("control");
        if (!call.journey?.controllable) throw new Refused("page-cannot-be-controlled");
        const act =
          order.type === "control-field"
            ? { kind: "field" as const, field: order.field, value: order.value }
            : { kind: "move" as const, move: order.move };
        await audit(seatId, "call.controlled", order.callId, {
          act: { ...act, value: undefined },
          screen: call.journey.screen,
        });
        return calls.toDevice(call, { type: "control", callId, act });
      }
      default:
        return;
    }
  };

  const stale = (call: HostedCall): void => {
    for (const seatId of calls.desksOf(call)) bus.emit("desk.stale", { seatId });
  };

  const off = bus.on("desk.ordered", ({ seatId, order }) => {
    atHost(seatId, order).catch((cause: unknown) => refused(seatId, order.type, cause));
  });

  return {
    take(seatId, supervises, order) {
      let work: Promise<unknown> | null;
      try {
        work = inRows(seatId, supervises, order);
      } catch (cause) {
        return refused(seatId, order.type, cause);
      }
      if (work === null) return bus.emit("desk.ordered", { seatId, supervises, order });
      work.catch((cause: unknown) => refused(seatId, order.type, cause));
    },
    [Symbol.dispose]: off,
  };
}

/** Only who speaks with the customer helps at the screen; a supervisor who only listens changes nothing. */
function requireHelper(call: HostedCall, seatId: string): void {
  const party = call.record.live.parties.find((one) => one.seatId === seatId);
  const helps = seatOfPhase(call.record.state.phase) === seatId || party?.role === "agent" || party?.mode === "joined";
  if (!helps) throw new Refused("not-your-call");
}

function shownValue(kind: string, choices: readonly { value: string; label: { zh: string } }[], value: string): string {
  if (kind === "amount-fen") return `${(Number(value) / 100).toFixed(2)} 元`;
  return choices.find((choice) => choice.value === value)?.label.zh ?? value;
}
