import { engineContract } from "./engine.contract.ts";
import { startJanus } from "./janus/engine.ts";
import { startJanusServer } from "./testing/janusServer.ts";

engineContract("Janus", async () => {
  const server = await startJanusServer();
  const engine = await startJanus({ urls: [server.url], recordHost: "127.0.0.1" });
  return {
    engine,
    freeze: () => process.kill(server.pid(), "SIGSTOP"),
    thaw: () => process.kill(server.pid(), "SIGCONT"),
    kill: () => server.crash(),
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
});
