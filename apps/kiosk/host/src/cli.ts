const [verb = "run"] = process.argv.slice(2);
switch (verb) {
  case "run":
    await import("./supervise.ts");
    break;
  default:
    process.stderr.write(`gridhall kiosk: unknown command ${verb}; use run\n`);
    process.exit(2);
}
