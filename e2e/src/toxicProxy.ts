import { createServer, connect, type Socket } from "node:net";

/** A TCP relay that misbehaves on demand: cut (refuse and break), or stalled (connections stay, nothing passes). */
export interface ToxicProxy extends AsyncDisposable {
  readonly port: number;
  setMode(mode: "pass" | "cut" | "stall"): void;
}

export async function startToxicProxy(host: string, port: number): Promise<ToxicProxy> {
  let mode: "pass" | "cut" | "stall" = "pass";
  const pairs = new Set<{ near: Socket; far: Socket }>();
  const server = createServer((near) => {
    if (mode === "cut") return void near.destroy();
    const far = connect(port, host);
    const pair = { near, far };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on("error", end);
      socket.on("close", end);
    }
    near.on("data", (chunk) => mode === "pass" && far.write(chunk));
    far.on("data", (chunk) => mode === "pass" && near.write(chunk));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    setMode(next) {
      mode = next;
      if (next === "cut") for (const pair of pairs) pair.near.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const pair of pairs) pair.near.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}
