import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { TrackStats } from "../engine.ts";
import type { ChildOptions, FromChild, ToChild } from "./protocol.ts";

const PING_MS = 2_000;
/** A child that says nothing for so long hangs and is ended. */
const HUNG_MS = 8_000;
/** Doubles with every start that failed, back to this after a child has lived for a while. */
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;
const STABLE_MS = 10_000;

export interface ChildEvents {
  onMessage(message: FromChild): void;
  /** A new process is ready after the last one died. */
  onRestarted(): void;
}

/** One supervised process of the SFU: started again whenever it dies or hangs. */
export class SupervisedChild implements AsyncDisposable {
  readonly name: string;
  restarts = 0;
  rooms = 0;
  readonly #options: ChildOptions;
  readonly #events: ChildEvents;
  #process: ChildProcess | null = null;
  #ready = false;
  #everReady = false;
  #lastHeardMs = 0;
  #startedMs = 0;
  #delayMs = FIRST_DELAY_MS;
  #closing = false;
  #request = 0;
  readonly #requests = new Map<number, { done(stats: readonly TrackStats[]): void; fail(error: Error): void }>();
  readonly #waitingReady = new Set<() => void>();
  readonly #ping: NodeJS.Timeout;
  #again: NodeJS.Timeout | undefined;

  constructor(name: string, options: ChildOptions, events: ChildEvents) {
    this.name = name;
    this.#options = options;
    this.#events = events;
    this.#start();
    this.#ping = setInterval(() => this.#watch(), PING_MS);
    this.#ping.unref();
  }

  get up(): boolean {
    return this.#ready;
  }

  /** Of the process that runs now. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  async ready(timeoutMs: number): Promise<boolean> {
    if (this.#ready) return true;
    return new Promise((done) => {
      const listener = () => {
        clearTimeout(timer);
        this.#waitingReady.delete(listener);
        done(true);
      };
      const timer = setTimeout(() => {
        this.#waitingReady.delete(listener);
        done(false);
      }, timeoutMs);
      this.#waitingReady.add(listener);
    });
  }

  /** Lost where no process is ready: whoever comes next is told everything anew. */
  send(message: ToChild): void {
    if (this.#ready && this.#process?.connected) this.#process.send(message, () => undefined);
  }

  /** Throws where the child refuses, or dies before it answers. */
  request(message: (request: number) => ToChild): Promise<readonly TrackStats[]> {
    if (!this.#ready) return Promise.reject(new Error(`${this.name} is not running`));
    this.#request += 1;
    const request = this.#request;
    return new Promise((done, fail) => {
      this.#requests.set(request, { done, fail });
      this.send(message(request));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    clearInterval(this.#ping);
    clearTimeout(this.#again);
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((done) => child.once("exit", () => done()));
    // Files that are being recorded are ended in good order.
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await exited;
    clearTimeout(late);
  }

  #start(): void {
    this.#startedMs = performance.now();
    this.#lastHeardMs = this.#startedMs;
    const child = fork(join(import.meta.dirname, "child.ts"), [], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      // Not what the parent runs under, such as a test runner's loader.
      execArgv: [],
    });
    this.#process = child;
    child.on("message", (message) => this.#receive(child, message as FromChild));
    child.once("exit", () => this.#ended(child));
    child.once("error", () => this.#ended(child));
    child.send({ type: "start", options: this.#options } satisfies ToChild, () => undefined);
  }

  #receive(child: ChildProcess, message: FromChild): void {
    if (child !== this.#process) return;
    this.#lastHeardMs = performance.now();
    if (message.type === "pong") return;
    if (message.type === "done") {
      const request = this.#requests.get(message.request);
      this.#requests.delete(message.request);
      if (message.error === null) request?.done(message.stats);
      else request?.fail(new Error(message.error));
      return;
    }
    if (message.type !== "ready") return this.#events.onMessage(message);
    const again = this.#everReady;
    this.#ready = true;
    this.#everReady = true;
    if (again) {
      this.restarts += 1;
      this.#events.onRestarted();
    }
    for (const listener of this.#waitingReady) listener();
  }

  #ended(child: ChildProcess): void {
    if (child !== this.#process || !this.#process) return;
    this.#process = null;
    this.#ready = false;
    for (const request of this.#requests.values()) request.fail(new Error(`${this.name} died`));
    this.#requests.clear();
    if (this.#closing) return;
    const lived = performance.now() - this.#startedMs > STABLE_MS;
    this.#delayMs = lived ? FIRST_DELAY_MS : Math.min(LONGEST_DELAY_MS, this.#delayMs * 2);
    this.#again = setTimeout(() => this.#start(), this.#delayMs);
  }

  #watch(): void {
    if (!this.#ready) return;
    if (performance.now() - this.#lastHeardMs > HUNG_MS) this.#process?.kill("SIGKILL");
    else this.send({ type: "ping" });
  }
}
