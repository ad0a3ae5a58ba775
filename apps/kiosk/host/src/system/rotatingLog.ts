import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** A log file that is moved aside at `maxBytes`: `host.log`, `host.log.1` … `host.log.<keep>`. Disk use is bounded. */
export function openRotatingLog(
  file: string,
  options: { maxBytes: number; keep: number },
): { write(chunk: Uint8Array): void; close(): void } {
  mkdirSync(dirname(file), { recursive: true });
  let descriptor = openSync(file, "a", 0o600);
  let size = statSync(file).size;
  const rotate = () => {
    closeSync(descriptor);
    rmSync(`${file}.${options.keep}`, { force: true });
    for (let n = options.keep - 1; n >= 1; n -= 1)
      if (existsSync(`${file}.${n}`)) renameSync(`${file}.${n}`, `${file}.${n + 1}`);
    renameSync(file, `${file}.1`);
    descriptor = openSync(file, "a", 0o600);
    size = 0;
  };
  return {
    write(chunk) {
      // A full disk must not take the terminal down: the line is lost, the terminal serves on.
      try {
        if (size + chunk.byteLength > options.maxBytes && size > 0) rotate();
        size += writeSync(descriptor, chunk);
      } catch (cause) {
        if (!(cause instanceof Error && "code" in cause && cause.code === "ENOSPC")) throw cause;
      }
    },
    close: () => closeSync(descriptor),
  };
}
