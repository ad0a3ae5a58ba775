import { JourneyDetail, JourneyRow, TraceRow } from "@gridhall/domain/trace/api.ts";
import { z } from "zod";
import { type Database, inScope } from "../db/database.ts";
import { may, viewerOf } from "../web/access.ts";
import { notFound } from "../web/errors.ts";
import { csv, sendList } from "../web/lists.ts";
import type { App } from "../web/server.ts";
import { findJourney, listJourneys, listTraces } from "./store.ts";

const ListQuery = z.object({
  unit: z.string().optional(),
  deviceId: z.string().optional(),
  outcome: z.string().optional(),
  running: z.stringbool().optional(),
  accountNo: z.string().optional(),
  /** Page on: only journeys that started before this moment. */
  before: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  format: z.enum(["json", "csv"]).default("json"),
});

export const journeyRoutes = (db: Database) => async (app: App) => {
  app.get(
    "/api/journeys",
    {
      config: may("journeys.read"),
      schema: { querystring: ListQuery, response: { 200: z.union([z.array(JourneyRow), z.string()]) } },
    },
    async (request, reply) => {
      const rows = await inScope(db, viewerOf(request).scope, (tx) => listJourneys(tx, request.query));
      return request.query.format === "csv" ? sendList(reply, "journeys", csv(rows)) : rows;
    },
  );
  app.get(
    "/api/journeys/:journeyId",
    {
      config: may("journeys.read"),
      schema: { params: z.object({ journeyId: z.string().max(80) }), response: { 200: JourneyDetail } },
    },
    async (request) => {
      const journey = await inScope(db, viewerOf(request).scope, (tx) => findJourney(tx, request.params.journeyId));
      if (!journey) throw notFound("journey", request.params.journeyId);
      return journey;
    },
  );
  app.get(
    "/api/traces",
    {
      config: may("journeys.read"),
      schema: {
        querystring: z.object({
          deviceId: z.string().optional(),
          lane: z.string().optional(),
          limit: z.coerce.number().int().min(1).max(500).default(200),
        }),
        response: { 200: z.array(TraceRow) },
      },
    },
    async (request) => inScope(db, viewerOf(request).scope, (tx) => listTraces(tx, request.query)),
  );
};
