import { WebSocket } from "ws";
import { z } from "zod";
import { MediaError } from "../engine.ts";

const KEEPALIVE_MS = 20_000;
const REQUEST_MS = 10_000;

/** What Janus says, as far as it is looked at (Janus API over WebSocket). */
const JanusMessage = z.object({
  janus: z.string(),
  transaction: z.string().optional(),
  sender: z.number().optional(),
  data: z.object({ id: z.number() }).optional(),
  error: z.object({ code: z.number(), reason: z.string() }).optional(),
  plugindata: z.object({ data: z.looseObject({}) }).optional(),
  jsep: z.object({ type: z.enum(["offer", "answer"]), sdp: z.string() }).optional(),
  type: z.string().optional(),
  mid: z.string().optional(),
  receiving: z.boolean().optional(),
  seconds: z.number().optional(),
});
export type JanusMessage = z.infer<typeof JanusMessage>;

export interface Answer {
  readonly data: Record<string, unknown>;
  readonly jsep: { type: "offer" | "answer"; sdp: string } | null;
}

export interface Handle {
  readonly id: number;
  /** Throws `MediaError` `engine.refused` where the plugin says no, `engine.unavailable` where nothing comes back. */
  message(body: Record<string, unknown>, jsep?: { type: "offer" | "answer"; sdp: string }): Promise<Answer>;
  trickle(mid: string, candidate: string): void;
  /** Resolves when Janus has let go of it, or is gone itself. */
  detach(): Promise<void>;
}

interface Waiting {
  /** Answered by a bare acknowledgement: trickling and keep-alive. Messages to the plugin are answered by a later event. */
  readonly acknowledged: boolean;
  done(message: JanusMessage): void;
  fail(error: Error): void;
  readonly timer: NodeJS.Timeout;
}

/** One session with a Janus server over one WebSocket. Ends with it: whoever needs another opens another. */
export class JanusSession {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, Waiting>();
  readonly #handles = new Map<number, (event: JanusMessage) => void>();
  readonly #ended: () => void;
  #transaction = 0;
  #id = 0;
  #open = true;
  #keepalive: NodeJS.Timeout | undefined;

  private constructor(socket: WebSocket, ended: () => void) {
    this.#socket = socket;
    this.#ended = ended;
    // A text frame; `nodebuffer` is the default form of `ws`.
    socket.on("message", (data: Buffer) => this.#receive(data.toString("utf8")));
    socket.once("close", () => this.#end());
    socket.on("error", () => socket.terminate());
  }

  /** Throws `MediaError` `engine.unavailable`. `ended` is called once, when the session is over for whatever reason. */
  static async open(url: string, ended: () => void): Promise<JanusSession> {
    const socket = new WebSocket(url, "janus-protocol", { handshakeTimeout: 3_000, perMessageDeflate: false });
    await new Promise<void>((done, fail) => {
      socket.once("open", () => done());
      socket.once("error", (cause) => fail(new MediaError("engine.unavailable", { url }, { cause })));
    });
    const session = new JanusSession(socket, ended);
    const created = await session.#request({ janus: "create" });
    session.#id = created.data?.id ?? 0;
    session.#keepalive = setInterval(() => {
      session.#request({ janus: "keepalive", session_id: session.#id }).catch(() => socket.terminate());
    }, KEEPALIVE_MS);
    session.#keepalive.unref();
    return session;
  }

  get open(): boolean {
    return this.#open;
  }

  async attach(onEvent: (event: JanusMessage) => void): Promise<Handle> {
    const attached = await this.#request({
      janus: "attach",
      session_id: this.#id,
      plugin: "janus.plugin.videoroom",
    });
    const id = attached.data?.id ?? 0;
    const address = { session_id: this.#id, handle_id: id };
    this.#handles.set(id, onEvent);
    return {
      id,
      message: async (body, jsep) => {
        const reply = await this.#request({ janus: "message", ...address, body, ...(jsep ? { jsep } : {}) });
        const data = reply.plugindata?.data ?? {};
        if (data["error_code"] !== undefined)
          throw new MediaError("engine.refused", { request: body["request"], detail: data["error"] });
        return { data, jsep: reply.jsep ?? null };
      },
      trickle: (mid, candidate) => {
        const content = candidate === "" ? { completed: true } : { sdpMid: mid, candidate };
        this.#request({ janus: "trickle", ...address, candidate: content }).catch(() => undefined);
      },
      detach: async () => {
        this.#handles.delete(id);
        if (this.#open) await this.#request({ janus: "detach", ...address }).catch(() => undefined);
      },
    };
  }

  close(): void {
    this.#socket.close();
  }

  #request(message: Record<string, unknown>): Promise<JanusMessage> {
    if (!this.#open) return Promise.reject(new MediaError("engine.unavailable", { detail: "no connection to Janus" }));
    this.#transaction += 1;
    const transaction = String(this.#transaction);
    return new Promise((done, fail) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(transaction);
        fail(new MediaError("engine.unavailable", { detail: "Janus does not answer", request: message["janus"] }));
      }, REQUEST_MS);
      const acknowledged = message["janus"] !== "message";
      this.#waiting.set(transaction, { acknowledged, done, fail, timer });
      this.#socket.send(JSON.stringify({ ...message, transaction }));
    });
  }

  #receive(text: string): void {
    const parsed = JanusMessage.safeParse(JSON.parse(text));
    if (!parsed.success) return;
    const message = parsed.data;
    const waiting = message.transaction === undefined ? undefined : this.#waiting.get(message.transaction);
    if (waiting && message.transaction !== undefined) {
      if (message.janus === "ack" && !waiting.acknowledged) return;
      this.#waiting.delete(message.transaction);
      clearTimeout(waiting.timer);
      if (message.janus === "error")
        waiting.fail(new MediaError("engine.refused", { detail: message.error?.reason ?? "" }));
      else waiting.done(message);
      return;
    }
    if (message.sender !== undefined) this.#handles.get(message.sender)?.(message);
  }

  #end(): void {
    if (!this.#open) return;
    this.#open = false;
    clearInterval(this.#keepalive);
    for (const { fail, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      fail(new MediaError("engine.unavailable", { detail: "the connection to Janus ended" }));
    }
    this.#waiting.clear();
    this.#handles.clear();
    this.#ended();
  }
}
