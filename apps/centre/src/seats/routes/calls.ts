import { CallDetail, CallRow, RecordingRow } from "@gridhall/domain/seats/api.ts";
import { z } from "zod";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { writeAudit } from "../../audit/chain.ts";
import { type Database, inScope, SYSTEM } from "../../db/database.ts";
import { may, viewerOf } from "../../web/access.ts";
import { HallError, notFound } from "../../web/errors.ts";
import { csv, sendList } from "../../web/lists.ts";
import type { App } from "../../web/server.ts";
import { sendSheet } from "../../web/sheets.ts";
import { CallFilter, findCallDetail, listCalls, listRecordings } from "../callListStore.ts";
import { archiveOf } from "../recordingArchive.ts";
import { findRecording, type Recordings } from "../recordings.ts";

const Format = z.enum(["json", "csv", "xlsx"]).default("json");
const HOUR_MS = 3_600_000;

/** Calls of the past and their recordings. Playing is audited: once a person, recording and hour. */
export const callRoutes =
  (options: { db: Database; recordings: Recordings; nowMs(): number }) =>
  async (app: App): Promise<void> => {
    const { db } = options;

    app.get(
      "/api/seats/calls",
      {
        config: may("calls.read"),
        schema: {
          querystring: CallFilter.extend({ format: Format }),
          response: { 200: z.union([z.array(CallRow), z.string(), z.instanceof(Buffer)]) },
        },
      },
      async (request, reply) => {
        const rows = await inScope(db, viewerOf(request).scope, (tx) => listCalls(tx, request.query));
        if (request.query.format === "json") return rows;
        const flat = rows.map(({ phase, agents, ...row }) => ({
          ...row,
          phase: phase.name,
          agents: agents.join(" → "),
          requestedAt: new Date(row.requestedMs).toISOString(),
        }));
        if (request.query.format === "csv") return sendList(reply, "calls", csv(flat));
        return sendSheet(reply, "calls", [{ name: "calls", rows: flat }]);
      },
    );

    app.get(
      "/api/seats/calls/:callId",
      {
        config: may("calls.read"),
        schema: { params: z.object({ callId: z.string().max(80) }), response: { 200: CallDetail } },
      },
      async (request) => {
        const found = await inScope(db, viewerOf(request).scope, (tx) => findCallDetail(tx, request.params.callId));
        if (!found) throw notFound("call", request.params.callId);
        return found;
      },
    );

    app.get(
      "/api/seats/recordings",
      {
        config: may("recordings.play"),
        schema: { querystring: CallFilter, response: { 200: z.array(RecordingRow) } },
      },
      async (request) => inScope(db, viewerOf(request).scope, (tx) => listRecordings(tx, request.query)),
    );

    const heard = new Map<string, number>();
    const auditPlaying = async (
      staffId: string,
      recordingId: string,
      unitPath: string,
      callId: string,
    ): Promise<void> => {
      const key = `${staffId} ${recordingId}`;
      const nowMs = options.nowMs();
      if (nowMs - (heard.get(key) ?? 0) < HOUR_MS) return;
      for (const [old, atMs] of heard) if (nowMs - atMs > HOUR_MS) heard.delete(old);
      heard.set(key, nowMs);
      await inScope(db, SYSTEM, (tx) =>
        writeAudit(tx, {
          unitPath,
          actor: `staff:${staffId}`,
          action: "recording.played",
          subject: recordingId,
          detail: { callId },
        }),
      );
    };

    app.get(
      "/api/seats/recordings/:recordingId/files/:file",
      {
        config: may("recordings.play"),
        schema: {
          params: z.object({ recordingId: z.string().max(80), file: z.string().regex(/^[\w.-]{1,120}$/) }),
          querystring: z.object({ download: z.literal("1").optional() }),
        },
      },
      async (request, reply) => {
        const viewer = viewerOf(request);
        const { recordingId, file } = request.params;
        const found = await inScope(db, viewer.scope, async (tx) => findRecording(tx, recordingId));
        const path = found ? await options.recordings.pathOf(found.directory, file) : null;
        if (!found || !path) throw notFound("recording", `${recordingId}/${file}`);
        await auditPlaying(viewer.staff.staff_id, recordingId, found.unitPath, found.callId);
        const { size } = await stat(path);
        const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "");
        void reply.type(file.endsWith(".webm") ? "video/webm" : "application/json").header("accept-ranges", "bytes");
        if (request.query.download) void reply.header("content-disposition", `attachment; filename="${file}"`);
        if (!range || (range[1] === "" && range[2] === ""))
          return reply.header("content-length", size).send(createReadStream(path));
        const start = range[1] === "" ? Math.max(0, size - Number(range[2])) : Number(range[1]);
        const end = range[1] === "" || range[2] === "" ? size - 1 : Math.min(size - 1, Number(range[2]));
        if (start > end || start >= size)
          throw new HallError("recording.bad-range", 416, `range: the file has ${size} bytes`, { size });
        return reply
          .status(206)
          .header("content-range", `bytes ${start}-${end}/${size}`)
          .header("content-length", end - start + 1)
          .send(createReadStream(path, { start, end }));
      },
    );

    app.get(
      "/api/seats/recordings/:recordingId/export",
      {
        config: may("recordings.play"),
        schema: { params: z.object({ recordingId: z.string().max(80) }) },
      },
      async (request, reply) => {
        const viewer = viewerOf(request);
        const { recordingId } = request.params;
        const found = await inScope(db, viewer.scope, async (tx) => findRecording(tx, recordingId));
        if (!found || found.state === "deleted") throw notFound("recording", recordingId);
        if (found.state === "running")
          throw new HallError("recording.running", 409, "the call is still being recorded; export it when it is over");
        await inScope(db, SYSTEM, (tx) =>
          writeAudit(tx, {
            unitPath: found.unitPath,
            actor: `staff:${viewer.staff.staff_id}`,
            action: "recording.exported",
            subject: recordingId,
            detail: { callId: found.callId },
          }),
        );
        return reply
          .type("application/zip")
          .header("content-disposition", `attachment; filename="recording-${recordingId}.zip"`)
          .send(await archiveOf(found, options.recordings));
      },
    );
  };
