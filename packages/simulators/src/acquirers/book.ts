import { randomInt } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";

/** What an acquirer knows: orders with their truth, whatever the merchant heard of it. */
export const Order = z.object({
  provider: z.enum(["wechat", "alipay"]),
  outTradeNo: z.string(),
  amountFen: z.number().int(),
  subject: z.string(),
  kind: z.enum(["native", "code"]),
  state: z.enum(["open", "user-paying", "paid", "closed"]),
  refundedFen: z.number().int(),
  qrText: z.string().nullable(),
  transactionId: z.string(),
  notifyUrl: z.string(),
  createdMs: z.number(),
  paidMs: z.number().nullable(),
  /** When a payer who hesitates finally confirms (USERPAYING), or a delayed payment takes effect. */
  paysAtMs: z.number().nullable(),
});
export type Order = z.infer<typeof Order>;

/**
 * What goes wrong next, consumed by the next charge or order. `user-paying`: the payer needs `ms` to type the password.
 * `timeout-then-late`: the answer is lost and the payment succeeds `ms` later. `timeout`: the answer is lost, the payment
 * succeeded at once. `refuse`: refused for certain. `unreachable`: every call of the provider hangs for `ms`.
 */
export const Behaviour = z.object({
  provider: z.enum(["wechat", "alipay"]),
  next: z.enum(["normal", "user-paying", "timeout", "timeout-then-late", "refuse", "close-lost"]),
  ms: z.number().int().nonnegative().default(3_000),
  /** Notifications of this provider from now on. */
  notifications: z.enum(["normal", "lost", "doubled", "delayed"]).default("normal"),
});
export type Behaviour = z.infer<typeof Behaviour>;

export interface Book {
  find(provider: Order["provider"], outTradeNo: string): Order | undefined;
  put(order: Order): void;
  list(): Order[];
  behaviour(provider: Order["provider"]): Behaviour;
  setBehaviour(behaviour: Behaviour): void;
  /** The behaviour of this call; it is used up. */
  takeBehaviour(provider: Order["provider"]): Behaviour;
  newTransactionId(): string;
}

/** Kept in a file, so that an acquirer outlives a restart of the town as a real one does. */
export function openBook(file: string | null, nowMs: () => number): Book {
  const orders = new Map<string, Order>();
  const behaviours = new Map<string, Behaviour>();
  if (file) {
    try {
      for (const order of z.array(Order).parse(JSON.parse(readFileSync(file, "utf8"))))
        orders.set(`${order.provider}:${order.outTradeNo}`, order);
    } catch (cause) {
      if (!(cause instanceof Error && "code" in cause && cause.code === "ENOENT")) throw cause;
    }
  }
  const save = () => {
    if (!file) return;
    writeFileSync(`${file}.new`, JSON.stringify([...orders.values()]));
    renameSync(`${file}.new`, file);
  };
  const normal = (provider: Order["provider"]): Behaviour => ({
    provider,
    next: "normal",
    ms: 0,
    notifications: "normal",
  });
  const behaviour = (provider: Order["provider"]) => behaviours.get(provider) ?? normal(provider);
  return {
    find: (provider, outTradeNo) => orders.get(`${provider}:${outTradeNo}`),
    put(order) {
      orders.set(`${order.provider}:${order.outTradeNo}`, order);
      save();
    },
    list: () => [...orders.values()],
    behaviour,
    setBehaviour: (next) => void behaviours.set(next.provider, next),
    takeBehaviour(provider) {
      const current = behaviour(provider);
      behaviours.set(provider, { ...current, next: "normal" });
      return current;
    },
    newTransactionId: () =>
      `42${new Date(nowMs()).toISOString().replaceAll(/\D/g, "").slice(0, 14)}${String(randomInt(1e12)).padStart(12, "0")}`,
  };
}
