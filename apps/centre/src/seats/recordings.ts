import { randomUUID } from "node:crypto";
import { mkdir, rm, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import type { Recording, Room } from "@gridhall/media/engine.ts";
import { readManifest } from "@gridhall/media/recording/manifest.ts";
import { recoverRecording } from "@gridhall/media/recording/recover.ts";
import type { RecordingRow } from "@gridhall/domain/seats/api.ts";
import { sql } from "kysely";
import type { Logger } from "pino";
import { type Database, inScope, SYSTEM, type Tx } from "../db/database.ts";
import type { CallRecord } from "./callStore.ts";

/** Recordings of calls: files in a folder a call and day, one row each, kept until their day of deletion. */
export interface Recordings {
  start(record: CallRecord, room: Room): Promise<RunningRecording>;
  /** Deletes what is past its day: row first, then files, so that a crash leaves files without meaning and not rows without files. */
  expire(): Promise<number>;
  /** Closes what a crash of this or another node left open. */
  recover(aliveNodes: ReadonlySet<string>): Promise<number>;
  /** The path of one file of a recording, or null where there is no such file. */
  pathOf(directory: string, file: string): Promise<string | null>;
}

export type StoredRecording = RecordingRow & { directory: string; unitPath: string };

export interface RunningRecording {
  readonly recordingId: string;
  stop(): Promise<void>;
}

interface Row {
  recording_id: string;
  call_id: string;
  directory: string;
  started_at: Date;
  ended_at: Date | null;
  state: RecordingRow["state"];
  bytes: number;
  files: RecordingRow["files"];
  delete_after: Date;
  unit_path: string;
}

const columns = sql`recording_id, call_id, directory, started_at, ended_at, state, bytes, files, delete_after,
  unit_path::text`;

export function createRecordings(options: {
  db: Database;
  logger: Logger;
  root: string;
  nodeId: string;
  keepDays: number;
  nowMs(): number;
}): Recordings {
  const { db, logger, nodeId, nowMs } = options;
  const root = resolve(options.root);
  const inSystem = <T>(work: (tx: Tx) => Promise<T>) => inScope(db, SYSTEM, work);

  const close = async (recordingId: string, directory: string, state: "complete" | "recovered"): Promise<void> => {
    const files = await filesOf(join(root, directory));
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    await inSystem((tx) =>
      sql`update call_recording set state = ${state}, ended_at = ${new Date(nowMs())}, bytes = ${bytes},
        files = ${JSON.stringify(files)}::jsonb where recording_id = ${recordingId} and state = 'running'`.execute(tx),
    );
  };

  return {
    async start(record, room) {
      const recordingId = randomUUID();
      const day = new Date(nowMs() + 8 * 3_600_000).toISOString().slice(0, 10);
      const directory = join(day, recordingId);
      await mkdir(join(root, directory), { recursive: true, mode: 0o700 });
      await inSystem((tx) =>
        sql`insert into call_recording (recording_id, call_id, unit_path, directory, node_id, started_at, state, delete_after)
          values (${recordingId}, ${record.call_id}, ${record.unit_path}::ltree, ${directory}, ${nodeId}, ${new Date(nowMs())},
            'running', ${new Date(nowMs() + options.keepDays * 86_400_000)})`.execute(tx),
      );
      const running: Recording = await room.record({ dir: join(root, directory) });
      return {
        recordingId,
        async stop() {
          try {
            await running.stop();
            await close(recordingId, directory, "complete");
          } catch (cause) {
            // What is durable stays, and is taken up when the recordings are looked after the next time.
            logger.error({ recordingId, cause: String(cause) }, "a recording could not be closed in good order");
          }
        },
      };
    },
    async expire() {
      const due = await inSystem(async (tx) => {
        const { rows } = await sql<{ recording_id: string; directory: string }>`update call_recording
          set state = 'deleted', files = '[]', bytes = 0
          where state in ('complete', 'recovered') and delete_after < ${new Date(nowMs())}
          returning recording_id, directory`.execute(tx);
        return rows;
      });
      for (const row of due) await rm(join(root, row.directory), { recursive: true, force: true });
      return due.length;
    },
    async recover(aliveNodes) {
      const { rows } = await inSystem((tx) =>
        sql<{ recording_id: string; directory: string; node_id: string }>`select recording_id, directory, node_id
          from call_recording where state = 'running'`.execute(tx),
      );
      let recovered = 0;
      for (const row of rows) {
        if (aliveNodes.has(row.node_id)) continue;
        await recoverRecording(join(root, row.directory)).catch((cause: unknown) =>
          logger.warn({ recordingId: row.recording_id, cause: String(cause) }, "a recording without a manifest"),
        );
        await close(row.recording_id, row.directory, "recovered");
        recovered += 1;
      }
      return recovered;
    },
    async pathOf(directory, file) {
      const path = resolve(root, directory, file);
      if (!path.startsWith(root + sep)) return null;
      return (await stat(path).catch(() => null))?.isFile() ? path : null;
    },
  };
}

async function filesOf(directory: string): Promise<RecordingRow["files"]> {
  const manifest = await readManifest(directory);
  return (manifest?.files ?? []).map((file) => ({
    file: file.file,
    participant: file.participantId,
    role: file.role,
    kind: file.kinds.includes("screen") ? "screen" : "person",
    offsetMs: file.startMs,
    durationMs: file.durationMs,
    bytes: file.bytes,
    sha256: file.sha256,
  }));
}

export async function recordingsOf(tx: Tx, callId: string): Promise<StoredRecording[]> {
  const { rows } =
    await sql<Row>`select ${columns} from call_recording where call_id = ${callId} order by started_at`.execute(tx);
  return rows.map(toRow);
}

export async function findRecording(tx: Tx, recordingId: string): Promise<StoredRecording | null> {
  const { rows } = await sql<Row>`select ${columns} from call_recording where recording_id = ${recordingId}`.execute(
    tx,
  );
  const [row] = rows;
  return row ? toRow(row) : null;
}

function toRow(row: Row): StoredRecording {
  return {
    recordingId: row.recording_id,
    callId: row.call_id,
    directory: row.directory,
    unitPath: row.unit_path,
    startedMs: row.started_at.getTime(),
    durationMs: row.ended_at ? row.ended_at.getTime() - row.started_at.getTime() : 0,
    bytes: row.bytes,
    state: row.state,
    deleteAfterMs: row.delete_after.getTime(),
    files: row.files,
  };
}
