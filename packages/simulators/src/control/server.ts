import { readFileSync } from "node:fs";
import fastify, { type FastifyInstance } from "fastify";
import type { KioskSimulator } from "../kiosk/kiosk.ts";
import { actions, choicesOf } from "./actions.ts";

const panelFiles: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/panel.css": ["panel.css", "text/css; charset=utf-8"],
  ...Object.fromEntries(
    ["panel.js", "dom.js", "cash.js", "hands.js", "papers.js"].map(
      (file) => [`/${file}`, [file, "text/javascript; charset=utf-8"]] as const,
    ),
  ),
};

/** GET /state: every device as it physically is. */
export const kioskState = (kiosk: KioskSimulator, title: string) => ({
  title,
  devices: Object.fromEntries(
    kiosk.present.map((name) => {
      const device = kiosk.devices[name];
      return [name, { plugged: device.isPlugged(), powered: device.isPowered(), ...(device.snapshot() as object) }];
    }),
  ),
  choices: choicesOf(kiosk),
});

/** The control API on loopback: hands and eyes at a simulated kiosk, and the developer's panel. */
export const createControlServer = (kiosk: KioskSimulator, title: string): FastifyInstance => {
  const app = fastify({ logger: false, forceCloseConnections: true });
  for (const [path, [file, type]] of Object.entries(panelFiles)) {
    app.get(path, async (_request, reply) =>
      reply.type(type).send(readFileSync(new URL(`../panel/${file}`, import.meta.url))),
    );
  }
  app.get("/state", async () => kioskState(kiosk, title));
  app.get("/steps", async () => kiosk.faults.passed());
  app.get("/printed", async () =>
    kiosk.devices.a4.printed().map(({ id, title, taken }) => ({ id, title, taken, url: `/printed/${id}` })),
  );
  app.get<{ Params: { id: string } }>("/printed/:id", async ({ params }, reply) => {
    const all = kiosk.devices.a4.printed();
    const found = params.id === "latest" ? all.at(-1) : all.find(({ id }) => String(id) === params.id);
    if (found === undefined) return reply.code(404).send({ error: "nothing of this number was printed" });
    return reply.type("application/pdf").send(readFileSync(found.file));
  });
  for (const [name, { body, run }] of Object.entries(actions)) {
    app.post(`/${name}`, async (request, reply) => {
      const parsed = body.safeParse(request.body ?? {});
      if (!parsed.success) {
        return reply
          .code(400)
          .send({ error: parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ") });
      }
      try {
        return reply.send((await run(kiosk, parsed.data)) ?? { ok: true });
      } catch (error) {
        if (error instanceof RangeError) return reply.code(400).send({ error: error.message });
        throw error;
      }
    });
  }
  return app;
};
