/** `npm run bench -- NAME`: prints one JSON line a figure, with the peer that it is compared with in the same run. */
const benches: Record<string, () => Promise<{ run(): Promise<object[]> }>> = {
  xfs: () => import("./xfs.ts"),
  uplink: () => import("./uplink.ts"),
  kiosk: () => import("./kiosk.ts"),
  calls: () => import("./calls.ts"),
  routing: () => import("./routing.ts"),
};
const [name = ""] = process.argv.slice(2);
const load = benches[name];
if (!load) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(benches).join("|")}\n`);
  process.exit(2);
}
for (const figure of await (await load()).run()) process.stdout.write(`${JSON.stringify(figure)}\n`);
process.exit(0);
