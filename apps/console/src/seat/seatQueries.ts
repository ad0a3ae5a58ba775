import { AccountOverview } from "@gridhall/domain/backoffice/api.ts";
import { CallDetail, SeatDirectory, Wallboard } from "@gridhall/domain/seats/api.ts";
import { JourneyRow } from "@gridhall/domain/trace/api.ts";
import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { read } from "../api/request.ts";

const AccountSummary = z.object({ overview: AccountOverview, journeys: z.array(JourneyRow) });
export type AccountSummary = z.infer<typeof AccountSummary>;

/** What desk and wallboard read beside the desk's own socket. */
export const seatQueries = {
  directory: () =>
    queryOptions({
      queryKey: ["seat-directory"],
      queryFn: ({ signal }) => read(SeatDirectory, "/api/seats/directory", {}, signal),
      placeholderData: (before) => before,
    }),
  account: (accountNo: string) =>
    queryOptions({
      queryKey: ["seat-account", accountNo],
      queryFn: ({ signal }) => read(AccountSummary, `/api/seats/accounts/${encodeURIComponent(accountNo)}`, {}, signal),
    }),
  call: (callId: string) =>
    queryOptions({
      queryKey: ["seat-call", callId],
      queryFn: ({ signal }) => read(CallDetail, `/api/seats/calls/${encodeURIComponent(callId)}`, {}, signal),
    }),
  board: () =>
    queryOptions({
      queryKey: ["seat-board"],
      queryFn: ({ signal }) => read(Wallboard, "/api/seats/board", {}, signal),
      placeholderData: (before) => before,
    }),
};
