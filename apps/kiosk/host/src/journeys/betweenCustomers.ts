import { type Screen } from "@gridhall/domain/kiosk/view.ts";
import { isFinal, receivedFen } from "@gridhall/domain/payment/cashSaga.ts";
import { allocatedFen } from "@gridhall/domain/payment/schema.ts";
import { allPorts } from "../devices/ports.ts";
import type { Support } from "./journey.ts";

export type Recovery = Extract<Screen, { kind: "recovery" }>;

const WIPE_PATIENCE_MS = 8_000;

/** Every device proves that it is idle and empty before the next customer may begin (design §5); who cannot is reported. */
export async function wipeDevices({ ports, journal, onError }: Support): Promise<void> {
  const results = await Promise.all(
    allPorts(ports).map((port) =>
      port.prepareForNext(AbortSignal.timeout(WIPE_PATIENCE_MS)).catch((cause: unknown) => {
        onError(cause);
        return { ok: false, detail: String(cause) };
      }),
    ),
  );
  const failed = results.filter((result) => !result.ok).map((result) => result.detail);
  if (failed.length > 0)
    journal.write({
      journeyId: null,
      type: "session.wipe-incomplete",
      detail: { failed },
      reports: [{ lane: "alarms", type: "kiosk.device-not-idle", body: { failed } }],
    });
}

/**
 * What a power cut interrupted comes first: money to its end (shown through `show` while it lasts), then the journey's
 * row is closed. Answers the notice for whoever still stands there; null where no money was inside.
 */
export async function recoverInterrupted(
  { journal, cash, scan }: Support,
  show: (recovery: Recovery) => void,
): Promise<Recovery | null> {
  const open = journal.openJourney();
  const cashOpen = journal.openCash();
  scan.recover();
  let notice: Recovery | null = null;
  if (cashOpen && cash) {
    show({
      kind: "recovery",
      state: "working",
      receivedFen: receivedFen(cashOpen.payment),
      creditedFen: 0,
      accountNo: cashOpen.payment.due.accountNo,
    });
    const payment = await cash.recover();
    if (payment && isFinal(payment) && receivedFen(payment) > 0)
      notice = {
        kind: "recovery",
        state: "settled",
        receivedFen: receivedFen(payment),
        creditedFen: payment.allocation ? allocatedFen(payment.allocation) : 0,
        accountNo: payment.due.accountNo,
      };
  }
  if (open)
    journal.write({
      journeyId: open.journeyId,
      type: "journey.ended",
      detail: { outcome: "interrupted" },
      journey: { row: open, ended: true },
      reports: [
        {
          lane: "traces",
          type: "journey.ended",
          body: { journeyId: open.journeyId, page: open.page, outcome: "interrupted" },
        },
      ],
    });
  return notice;
}
