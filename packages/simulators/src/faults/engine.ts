import type { DurableStore } from "../state/store.ts";
import { createRandom } from "./random.ts";
import type { Fault, FaultAction, FaultScript } from "./script.ts";

/** How often each step was passed and which faults have struck: kept over a kill, so that none strikes twice. */
export interface FaultState {
  passed: Record<string, number>;
  /** Faults that wait; those with an occurrence leave the list when they strike. */
  waiting: Fault[];
}

export interface FaultEngine {
  /** Called by a device as it passes a step; the action to suffer, or null. */
  at: (device: string, step: string) => FaultAction | null;
  /** Adds a fault while running; its occurrence counts from now. */
  add: (fault: Fault) => void;
  clear: () => void;
  passed: () => Readonly<Record<string, number>>;
}

export const initialFaultState = (script: FaultScript): FaultState => ({ passed: {}, waiting: script.faults });

export const createFaultEngine = (store: DurableStore<FaultState>, seed: number): FaultEngine => {
  const random = createRandom(seed);
  return {
    at: (device, step) => {
      const { state } = store;
      const key = `${device}:${step}`;
      const passed = (state.passed[key] ?? 0) + 1;
      state.passed[key] = passed;
      const index = state.waiting.findIndex(
        (fault) =>
          fault.device === device &&
          fault.step === step &&
          (fault.occurrence === passed || (fault.probability !== undefined && random() < fault.probability)),
      );
      const struck = state.waiting[index];
      if (struck === undefined) return null;
      if (struck.occurrence !== undefined) state.waiting.splice(index, 1);
      // Durable before it strikes: a fault that kills the process must not wait for its successor.
      store.commit();
      return struck.action;
    },
    add: (fault) => {
      const passed = store.state.passed[`${fault.device}:${fault.step}`] ?? 0;
      const occurrence = fault.occurrence === undefined ? undefined : fault.occurrence + passed;
      store.state.waiting.push(occurrence === undefined ? fault : { ...fault, occurrence });
      store.commit();
    },
    clear: () => {
      store.state.waiting = [];
      store.commit();
    },
    passed: () => store.state.passed,
  };
};
