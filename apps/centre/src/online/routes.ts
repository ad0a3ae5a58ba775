import { AccountBrief, AccountOverview, BillView, FindAccounts } from "@gridhall/domain/backoffice/api.ts";
import { ScanProvider, ScanStatus } from "@gridhall/domain/payment/scanApi.ts";
import { IntentId, PaymentDue } from "@gridhall/domain/payment/schema.ts";
import { z } from "zod";
import type { BackOffice } from "../backoffice/backOffice.ts";
import { type Database, inScope, SYSTEM } from "../db/database.ts";
import type { ScanService } from "../money/scanPayments.ts";
import { channel } from "../web/access.ts";
import { notFound } from "../web/errors.ts";
import type { App } from "../web/server.ts";

const Account = z.object({ accountNo: z.string().regex(/^\d{13}$/, "an account number has 13 digits") });

/** The open API for online channels: the same services as at the kiosk (requirement T2), under a client's token. */
export const onlineRoutes =
  (options: { db: Database; backOffice: BackOffice; scan: ScanService; today(): string }) => async (app: App) => {
    const { db, backOffice, scan } = options;

    app.post(
      "/api/online/v1/accounts/search",
      {
        config: channel,
        schema: { body: FindAccounts, response: { 200: z.object({ accounts: z.array(AccountBrief) }) } },
      },
      async (request) => ({
        accounts: await inScope(db, SYSTEM, (tx) => backOffice.findAccounts(tx, request.body)),
      }),
    );

    app.get(
      "/api/online/v1/accounts/:accountNo",
      { config: channel, schema: { params: Account, response: { 200: AccountOverview } } },
      async (request) => {
        const overview = await inScope(db, SYSTEM, (tx) =>
          backOffice.overview(tx, request.params.accountNo, options.today()),
        );
        if (!overview) throw notFound("account", request.params.accountNo);
        return overview;
      },
    );

    app.get(
      "/api/online/v1/bills/:billId",
      { config: channel, schema: { params: z.object({ billId: z.string().max(40) }), response: { 200: BillView } } },
      async (request) => {
        const bill = await inScope(db, SYSTEM, (tx) => backOffice.bill(tx, request.params.billId, options.today()));
        if (!bill) throw notFound("bill", request.params.billId);
        return bill;
      },
    );

    app.post(
      "/api/online/v1/payments",
      {
        config: channel,
        schema: {
          body: z.object({ intentId: IntentId, provider: ScanProvider, due: PaymentDue }),
          response: { 200: ScanStatus },
        },
      },
      async (request) => {
        const { intentId, provider, due } = request.body;
        const unitPath = await inScope(db, SYSTEM, (tx) => backOffice.unitOf(tx, due.accountNo));
        if (unitPath === null) throw notFound("account", due.accountNo);
        return scan.begin(
          { intentId, journeyId: null, due, provider, mode: "native", authCode: null },
          { deviceId: null, unitPath, channel: "online" },
        );
      },
    );

    app.get(
      "/api/online/v1/payments/:intentId",
      { config: channel, schema: { params: z.object({ intentId: IntentId }), response: { 200: ScanStatus } } },
      async (request) => scan.status(request.params.intentId),
    );

    app.post(
      "/api/online/v1/payments/:intentId/cancel",
      { config: channel, schema: { params: z.object({ intentId: IntentId }), response: { 200: ScanStatus } } },
      async (request) => scan.cancel(request.params.intentId, request.channelClient ?? "online"),
    );
  };
