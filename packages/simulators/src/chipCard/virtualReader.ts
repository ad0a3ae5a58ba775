import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A chip card as it answers: an ATR, and an answer to each APDU. */
export interface VirtualCard {
  atr: Uint8Array;
  /** null: the card is pulled out instead of answering. */
  transmit: (apdu: Uint8Array) => Uint8Array | null;
}

export interface VirtualReader extends AsyncDisposable {
  /** pcscd's private socket, for `transport.socket`. */
  socket: string;
  /** The reader's name as pcscd lists it. */
  reader: string;
  insert: (card: VirtualCard) => Promise<void>;
  remove: () => void;
}

const driver = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
const pcscd = "/usr/sbin/pcscd";
export const virtualReaderAvailable = (): boolean => existsSync(driver) && existsSync(pcscd);

/**
 * Listens on a socket of ours and hands it to pcscd as systemd would, as descriptor 3. In Perl, which every Debian has: Node cannot
 * give a listening socket away.
 */
const activate = `
use Socket; use POSIX ();
$^F = 255;
my ($path, $pcscd, $config) = @ARGV;
socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die; bind($s, sockaddr_un($path)) or die; listen($s, 16) or die;
POSIX::dup2(fileno($s), 3) if fileno($s) != 3;
$ENV{LISTEN_PID} = $$; $ENV{LISTEN_FDS} = 1;
exec $pcscd, "--foreground", "--config", $config;
`;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });

/** vpcd has two slots, on two ports that follow each other. */
const freePair = async (): Promise<number> => {
  for (let tries = 100; tries > 0; tries--) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
  throw new Error("no two free ports that follow each other");
};

/** vpcd's protocol: messages of `length u16 | bytes`; one byte 0 power off, 1 power on, 2 reset, 4 asks the ATR; else an APDU. */
const serve = (socket: Socket, card: VirtualCard): void => {
  let buffer = Buffer.alloc(0);
  const send = (bytes: Uint8Array): void => {
    const head = Buffer.alloc(2);
    head.writeUInt16BE(bytes.length);
    socket.write(Buffer.concat([head, bytes]));
  };
  socket.on("error", () => socket.destroy());
  socket.on("data", (bytes) => {
    buffer = Buffer.concat([buffer, bytes]);
    while (buffer.length >= 2 && buffer.length >= 2 + buffer.readUInt16BE(0)) {
      const length = buffer.readUInt16BE(0);
      const message = Uint8Array.from(buffer.subarray(2, 2 + length));
      buffer = buffer.subarray(2 + length);
      if (length === 1 && message[0] === 4) send(card.atr);
      if (length > 1) {
        const answer = card.transmit(message);
        if (answer === null) socket.destroy();
        else send(answer);
      }
    }
  });
};

/**
 * A PC/SC reader of its own: a private pcscd (socket activation gives it our socket instead of the machine's) with the vpcd
 * driver, to which a card is a TCP connection. (Asked to dial a card itself, vpcd dies when that goes away.)
 */
export const startVirtualReader = async (dir: string): Promise<VirtualReader> => {
  mkdirSync(dir, { recursive: true });
  const port = await freePair();
  const config = join(dir, "reader.conf");
  const channel = `0x${port.toString(16).toUpperCase()}`;
  writeFileSync(
    config,
    `FRIENDLYNAME "GridHall Slot"\nDEVICENAME /dev/null:${channel}\nLIBPATH ${driver}\nCHANNELID ${channel}\n`,
  );
  const socketPath = join(dir, "pcscd.comm");
  rmSync(socketPath, { force: true });
  const daemon: ChildProcess = spawn("perl", ["-e", activate, socketPath, pcscd, config], { stdio: "ignore" });
  daemon.once("error", () => undefined);
  for (let tries = 200; !existsSync(socketPath); tries--) {
    if (tries === 0) throw new Error("pcscd does not start; is Debian's pcscd complete?");
    await sleep(10);
  }
  let inserted: Socket | null = null;
  const remove = (): void => {
    inserted?.destroy();
    inserted = null;
  };
  return {
    socket: socketPath,
    reader: "GridHall Slot 00 00",
    remove,
    insert: async (card) => {
      remove();
      for (let tries = 200; ; tries--) {
        const socket = createConnection(port, "127.0.0.1");
        const connected = await new Promise<boolean>((resolve) => {
          socket.once("connect", () => resolve(true));
          socket.once("error", () => resolve(false));
        });
        if (connected) {
          inserted = socket;
          return serve(socket, card);
        }
        if (tries === 0) throw new Error("vpcd does not listen; is Debian's vsmartcard-vpcd complete?");
        await sleep(10);
      }
    },
    [Symbol.asyncDispose]: async () => {
      remove();
      if (daemon.exitCode !== null || daemon.signalCode !== null) return;
      const gone = new Promise((resolve) => daemon.once("exit", resolve));
      daemon.kill("SIGTERM");
      await Promise.race([gone, sleep(2_000)]);
      daemon.kill("SIGKILL");
    },
  };
};
