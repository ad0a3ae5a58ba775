import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { freeTcpPort, type Running, startProgram, waitFor } from "./programs.ts";

/** Debian's Janus with the VideoRoom plugin and the WebSocket transport alone, on loopback. */
export interface JanusServer extends AsyncDisposable {
  readonly url: string;
  pid(): number;
  /** kill -9, and up again on the same port, as a supervisor would bring it. */
  crash(): Promise<void>;
}

const LIBRARY = "/usr/lib/x86_64-linux-gnu/janus";

export async function startJanusServer(): Promise<JanusServer> {
  const folder = await mkdtemp(join(tmpdir(), "gridhall-janus-"));
  const port = await freeTcpPort();
  const first = 20_000 + (port % 40_000);
  for (const name of ["plugins", "transports", "events", "loggers"]) await mkdir(join(folder, name));
  await symlink(`${LIBRARY}/plugins/libjanus_videoroom.so`, join(folder, "plugins/libjanus_videoroom.so"));
  await symlink(`${LIBRARY}/transports/libjanus_websockets.so`, join(folder, "transports/libjanus_websockets.so"));
  await writeFile(
    join(folder, "janus.jcfg"),
    `general: { configs_folder = "${folder}"; plugins_folder = "${folder}/plugins"; transports_folder = "${folder}/transports";
  events_folder = "${folder}/events"; loggers_folder = "${folder}/loggers"; debug_level = 3; debug_timestamps = false; }
media: { rtp_port_range = "${first}-${first + 400}"; }
`,
  );
  await writeFile(join(folder, "janus.plugin.videoroom.jcfg"), "general: { }\n");
  await writeFile(
    join(folder, "janus.transport.websockets.jcfg"),
    `general: { json = "compact"; ws = true; ws_port = ${port}; ws_ip = "127.0.0.1"; wss = false; }
admin: { admin_ws = false; }
`,
  );
  const url = `ws://127.0.0.1:${port}`;
  const launch = async (): Promise<Running> => {
    const running = startProgram("/usr/bin/janus", ["-F", folder, "-o"], null);
    await waitFor(
      `Janus answers: ${running.log()}`,
      () =>
        new Promise<boolean>((done) => {
          const socket = new WebSocket(url, "janus-protocol");
          socket.once("open", () => {
            socket.close();
            done(true);
          });
          socket.once("error", () => done(false));
        }),
    );
    return running;
  };
  let running = await launch();
  return {
    url,
    pid: () => running.child.pid ?? 0,
    async crash() {
      const { child } = running;
      const gone = new Promise((done) => child.once("exit", done));
      child.kill("SIGKILL");
      await gone;
      running = await launch();
    },
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
