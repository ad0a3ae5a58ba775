import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** A device's non-volatile memory: a JSON file that is always either the old or the new state, whatever is killed when. */
export interface DurableStore<T> {
  /** Change it in place, then `commit`. */
  state: T;
  /** Returns only when the state survives power loss (write, fsync, rename, fsync of the folder). */
  commit: () => void;
  /** As after power loss: what was not committed is gone. */
  reload: () => void;
}

export const createStore = <T>(file: string, initial: () => T): DurableStore<T> => {
  mkdirSync(dirname(file), { recursive: true });
  const load = (): T => {
    try {
      return JSON.parse(readFileSync(file, "utf8")) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return initial();
      throw new Error(`${file}: not a state file of this simulator; delete it to start with a new device`, {
        cause: error,
      });
    }
  };
  const store: DurableStore<T> = {
    state: load(),
    commit: () => {
      const next = `${file}.next`;
      const fd = openSync(next, "w");
      writeSync(fd, JSON.stringify(store.state));
      fsyncSync(fd);
      closeSync(fd);
      renameSync(next, file);
      const folder = openSync(dirname(file), "r");
      fsyncSync(folder);
      closeSync(folder);
    },
    reload: () => {
      store.state = load();
    },
  };
  return store;
};
