import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { connectXfs, type XfsClient } from "@gridhall/hardware/client.ts";
import { silentLogger } from "@gridhall/hardware/drivers/config.ts";
import { startPublisher } from "@gridhall/hardware/publisher/publisher.ts";
import { startServiceOver } from "@gridhall/hardware/services/startService.ts";
import { createFakeChipCard } from "@gridhall/hardware/testing/fakeDrivers.ts";
import { WebSocket, WebSocketServer } from "ws";

/**
 * Command round trips a second through client, publisher, validation in both directions, queue and service (CardReader.ChipIO
 * over a driver in memory), against a bare `ws` echo of messages of the same size between the same two processes. Rounds of
 * both alternate, so that whatever else the machine does hits both; figures are medians.
 */

export interface Figure {
  bench: "xfs";
  figure: string;
  value: number;
  unit: string;
  peer: string;
  peerValue: number;
  ratio: number;
}

const rounds = 21;
const roundMs = 250;
const concurrencies = [1, 8] as const;
const apdu = Buffer.from("00b2010c00", "hex").toString("base64");

export async function run(): Promise<Figure[]> {
  const server = fork(fileURLToPath(import.meta.url), ["serve"], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  try {
    const [{ serviceUrl, echoUrl }] = (await once(server, "message")) as [{ serviceUrl: string; echoUrl: string }];
    const signal = AbortSignal.timeout(10_000);
    await using client = await connectXfs(serviceUrl, { signal });
    const read = await client.send("CardReader.ReadRawData", { chip: true });
    if (read.completionCode !== "success") throw new Error(`the fake card cannot be read: ${read.completionCode}`);
    const echo = await connectEcho(echoUrl);
    const figures: Figure[] = [];
    for (const concurrency of concurrencies) figures.push(await compare(client, echo, concurrency));
    echo.close();
    return figures;
  } finally {
    server.disconnect();
    await once(server, "exit");
  }
}

async function compare(client: XfsClient, echo: Echo, concurrency: number): Promise<Figure> {
  const command = () => client.send("CardReader.ChipIO", { chipProtocol: "chipT0", chipData: apdu });
  const bare = () => echo.roundTrip();
  const ours: number[] = [];
  const theirs: number[] = [];
  const ratios: number[] = [];
  // The first round of each warms up and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const ourRate = await rate(command, concurrency);
    const theirRate = await rate(bare, concurrency);
    if (round === 0) continue;
    ours.push(ourRate);
    theirs.push(theirRate);
    ratios.push(ourRate / theirRate);
  }
  return {
    bench: "xfs",
    figure: concurrency === 1 ? "command round trips, one at a time" : `command round trips, ${concurrency} in flight`,
    value: Math.round(median(ours)),
    unit: "1/s",
    peer: "bare ws echo",
    peerValue: Math.round(median(theirs)),
    // Of each round by itself: the two of a round ran next to each other, on the same mood of the machine.
    ratio: Math.round(median(ratios) * 1_000) / 1_000,
  };
}

/** How many a second, with so many in flight all the time. */
async function rate(one: () => Promise<unknown>, concurrency: number): Promise<number> {
  const start = performance.now();
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() - start < roundMs) {
      await one();
      done++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return (done * 1_000) / (performance.now() - start);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

interface Echo {
  roundTrip(): Promise<void>;
  close(): void;
}

/** As little as a WebSocket client can do: sends a text, waits for it to come back. */
async function connectEcho(url: string): Promise<Echo> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, "open");
  const header = { type: "command", name: "CardReader.ChipIO", requestId: 1, version: "3.0" };
  const text = JSON.stringify({ header, payload: { chipProtocol: "chipT0", chipData: apdu } });
  const waiting: (() => void)[] = [];
  socket.on("message", () => waiting.shift()?.());
  return {
    roundTrip: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        socket.send(text);
      }),
    close: () => socket.close(),
  };
}

async function serve(): Promise<void> {
  const card = createFakeChipCard();
  const options = { name: "CardReader1", logger: silentLogger, onViolation: () => undefined };
  const service = startServiceOver("chipCard", () => card.driver, options);
  card.insert(Uint8Array.of(0x3b, 0x00));
  const publisher = await startPublisher({ services: [service], vendorName: "bench", port: 0, logger: silentLogger });
  const echo = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  await once(echo, "listening");
  echo.on("connection", (socket) => {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  const { port } = echo.address() as { port: number };
  process.send?.({ serviceUrl: publisher.urlOf("CardReader1"), echoUrl: `ws://127.0.0.1:${port}` });
  await once(process, "disconnect");
  for (const socket of echo.clients) socket.terminate();
  echo.close();
  await publisher[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
}

if (import.meta.main) {
  if (process.argv[2] === "serve") await serve();
  else for (const figure of await run()) process.stdout.write(`${JSON.stringify(figure)}\n`);
}
