import type { DurableStore } from "../state/store.ts";
import { PowerLost, type Program, type Wire } from "../wire/device.ts";
import { createEscposParser, type PrintStep } from "./escposParser.ts";
import { addLine, asbOf, cutSlip, isBlocked, realTimeOf, type ReceiptState } from "./model.ts";

export interface ReceiptProgram extends Program {
  /** The mechanics changed (paper, cover, jam, slip taken): report it, and go on printing if that is possible now. */
  changed: () => void;
}

const dle = 0x10;
const clearBuffers = Buffer.from([0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08]);

/** An ESC/POS printer: real-time commands are answered at once, everything else waits its turn in the buffer. */
export const createReceiptProgram = (
  wire: Wire,
  settings: { store: DurableStore<ReceiptState>; lineMs: number; onError: (error: unknown) => void },
): ReceiptProgram => {
  const { store, lineMs } = settings;
  const parser = createEscposParser();
  let steps: PrintStep[] = [];
  let asbOn = false;
  let printing = false;
  /** Bytes that may be the beginning of a real-time command. */
  let pending = Buffer.alloc(0);

  const background = (work: Promise<void>): void => {
    work.catch((error: unknown) => {
      if (!(error instanceof PowerLost)) settings.onError(error);
    });
  };
  const reportAsb = (): void => {
    if (asbOn) background(wire.answer("asb", asbOf(store.state)));
  };
  const carryOut = async (step: PrintStep): Promise<void> => {
    switch (step.type) {
      case "line": {
        await wire.sleep(lineMs);
        if ((await wire.at("print.line"))?.type === "jam") {
          store.state.jammed = true;
          store.commit();
          reportAsb();
          return;
        }
        addLine(store.state, step.line);
        store.commit();
        return;
      }
      case "cut":
        await wire.at("cut");
        cutSlip(store.state);
        store.commit();
        reportAsb();
        return;
      case "asb":
        asbOn = step.on;
        reportAsb();
        return;
      case "echo":
        await wire.answer("echo", Buffer.from(`\x37\x22${step.id}\0`, "latin1"));
        return;
      default:
        step satisfies never;
    }
  };
  const work = async (): Promise<void> => {
    if (printing) return;
    printing = true;
    try {
      // Modes and status do not need paper; only what moves it waits.
      while (steps[0] !== undefined && !(isBlocked(store.state) && steps[0].type !== "asb")) {
        const [step] = steps.splice(0, 1);
        if (step !== undefined) await carryOut(step);
      }
    } finally {
      printing = false;
    }
  };

  const clear = (): void => {
    steps = [];
    parser.clear();
  };
  /** Takes real-time commands out of the stream; the rest goes to the buffer. */
  const receive = (bytes: Uint8Array): void => {
    pending = Buffer.concat([pending, bytes]);
    const rest: Buffer[] = [];
    while (pending.length > 0) {
      const at = pending.indexOf(dle);
      if (at < 0) {
        rest.push(pending);
        pending = Buffer.alloc(0);
        break;
      }
      rest.push(pending.subarray(0, at));
      pending = pending.subarray(at);
      if (pending.length < 3) break;
      if (pending[1] === 0x04) {
        const n = pending.readUInt8(2);
        background(wire.answer("status", Buffer.from([realTimeOf(store.state, n)])));
        pending = pending.subarray(3);
      } else if (pending[1] === 0x14) {
        if (pending.length < clearBuffers.length) break;
        rest.length = 0;
        clear();
        pending = pending.subarray(clearBuffers.length);
      } else {
        rest.push(pending.subarray(0, 1));
        pending = pending.subarray(1);
      }
    }
    steps.push(...parser.push(Buffer.concat(rest)));
    background(work());
  };
  return {
    receive,
    changed: () => {
      reportAsb();
      background(work());
    },
  };
};
