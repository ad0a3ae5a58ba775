import { statfs } from "node:fs/promises";
import type { KioskStatus } from "@gridhall/domain/fleet/schema.ts";
import type { Outbox } from "@gridhall/link/outbox.ts";
import { allPorts, type Ports } from "../devices/ports.ts";

/** Everything that the centre shows of this terminal (catalogue Q06). Sent every 30 s and at every change, latest only. */
export async function readStatus(options: {
  ports: Ports;
  outbox: Outbox;
  dataDir: string;
  appVersion: string;
  configVersion: string;
  bootId: string;
  clockOffsetMs: number | null;
  mode: KioskStatus["mode"];
  reason: string | null;
  inSession: boolean;
  lastSelfTest: KioskStatus["lastSelfTest"];
}): Promise<KioskStatus> {
  const disk = await statfs(options.dataDir);
  const cabinet = options.ports.cabinet?.readings() ?? null;
  return {
    appVersion: options.appVersion,
    configVersion: options.configVersion,
    bootId: options.bootId,
    uptimeS: Math.round(process.uptime()),
    mode: options.mode,
    reason: options.reason,
    inSession: options.inSession,
    devices: allPorts(options.ports).map((port) => port.health()),
    cash: options.ports.cash?.levels() ?? [],
    outbox: options.outbox.counts(),
    disk: { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize },
    memory: { rssBytes: process.memoryUsage.rss() },
    clockOffsetMs: options.clockOffsetMs,
    temperatureC: cabinet?.temperatureC ?? null,
    doors: cabinet ? { cabinet: cabinet.cabinetDoorOpen, safe: cabinet.safeDoorOpen } : null,
    lastSelfTest: options.lastSelfTest,
  };
}
