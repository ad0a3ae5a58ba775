import { EventEmitter } from "node:events";

/** Hints that something changed: never truth, always repaired by a cursor (design §4). Past-tense facts in one typed map. */
export interface BusEvents {
  "trace.committed": { deviceId: string; unitPath: string; journeyIds: string[]; lanes: string[] };
  "device.changed": { deviceId: string; unitPath: string };
  "payment.changed": { intentId: string; unitPath: string };
  "case.changed": { caseId: string; unitPath: string };
  "command.created": { deviceId: string };
}

export interface Bus {
  emit<K extends keyof BusEvents>(name: K, event: BusEvents[K]): void;
  on<K extends keyof BusEvents>(name: K, listener: (event: BusEvents[K]) => void): () => void;
}

/** On one node; on several a NATS subject stands behind the same interface. */
export function createBus(): Bus {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  return {
    emit(name, event) {
      emitter.emit(name, event);
    },
    on(name, listener) {
      emitter.on(name, listener);
      return () => emitter.off(name, listener);
    },
  };
}
