/** A typed list of listeners; one that throws never keeps the others from hearing. */
export interface Listeners<T> {
  add: (listener: (value: T) => void) => () => void;
  emit: (value: T) => void;
}

export const createListeners = <T>(onListenerError: (error: unknown) => void): Listeners<T> => {
  const listeners = new Set<(value: T) => void>();
  return {
    add: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit: (value) => {
      for (const listener of listeners) {
        try {
          listener(value);
        } catch (error) {
          onListenerError(error);
        }
      }
    },
  };
};
