import { sql } from "kysely";
import type { OpenCase } from "./cashEffects.ts";

/** Opens a case once: the same cause reported again is the same case. */
export const openCase: OpenCase = async (tx, request) => {
  await sql`insert into open_case (case_id, intent_id, unit_path, kind, amount_fen, detail)
    values (${request.caseId}, ${request.intentId}, ${request.unitPath}::ltree, ${request.kind}, ${request.amountFen}, ${JSON.stringify(request.detail)}::jsonb)
    on conflict do nothing`.execute(tx);
};
