import { createRootRoute, createRoute, createRouter, Navigate } from "@tanstack/react-router";
import { FleetPage } from "./fleet/fleetPage.tsx";
import { KioskPage } from "./fleet/kioskPage.tsx";
import { JourneysPage } from "./journeys/journeysPage.tsx";
import { JourneyPage } from "./journeys/journeyPage.tsx";
import { PaymentsPage } from "./money/paymentsPage.tsx";
import { PaymentPage } from "./money/paymentPage.tsx";
import { CasesPage } from "./money/casesPage.tsx";
import { CasePage } from "./money/casePage.tsx";
import { ReconciliationPage } from "./money/reconciliationPage.tsx";
import { RunPage } from "./money/runPage.tsx";
import { AuditPage } from "./audit/auditPage.tsx";
import { BoardPage } from "./seat/board/boardPage.tsx";
import { SeatPage } from "./seat/seatPage.tsx";
import { AgentsPage } from "./seats/agents/agentsPage.tsx";
import { CallPage } from "./seats/calls/callPage.tsx";
import { CallsPage } from "./seats/calls/callsPage.tsx";
import { MessagesPage } from "./seats/messages/messagesPage.tsx";
import { PoliciesPage } from "./seats/policies/policiesPage.tsx";
import { PolicyPage } from "./seats/policies/policyPage.tsx";
import { StatisticsPage } from "./seats/statistics/statisticsPage.tsx";
import type { Search } from "./parts/filters.tsx";
import { Failure, Needs, NoPermission } from "./parts/states.tsx";
import { RequestError } from "./api/request.ts";
import { useMe } from "./shell/me.ts";
import { Gate, MENU } from "./shell/shell.tsx";

const NotFound = () => <Failure error={new RequestError(404, { code: "not-found", message: "", fields: [] })} />;

const root = createRootRoute({
  component: Gate,
  notFoundComponent: NotFound,
  errorComponent: ({ error }) => <Failure error={error} retry={() => location.reload()} />,
  validateSearch: (search: Record<string, unknown>): Search =>
    Object.fromEntries(Object.entries(search).map(([key, value]) => [key, String(value)])),
});

/** The first page that the person may see. */
function Start() {
  const me = useMe();
  const first = MENU.find((entry) => me.permissions.includes(entry.needs));
  return first ? <Navigate to={first.to} replace /> : <NoPermission permission="fleet.read" />;
}

// All pages come with the first load (they are small beside the libraries): none is missing while the centre is away.
const start = createRoute({ getParentRoute: () => root, path: "/", component: Start });
const signIn = createRoute({ getParentRoute: () => root, path: "/sign-in", component: Start });
const seat = createRoute({
  getParentRoute: () => root,
  path: "/seat",
  component: () => (
    <Needs permission="seats.serve">
      <SeatPage />
    </Needs>
  ),
});
const board = createRoute({
  getParentRoute: () => root,
  path: "/board",
  component: () => (
    <Needs permission="seats.supervise">
      <BoardPage />
    </Needs>
  ),
});
const calls = createRoute({ getParentRoute: () => root, path: "/calls", component: CallsPage });
const call = createRoute({ getParentRoute: () => root, path: "/calls/$callId", component: CallPage });
const messages = createRoute({ getParentRoute: () => root, path: "/messages", component: MessagesPage });
const statistics = createRoute({ getParentRoute: () => root, path: "/statistics", component: StatisticsPage });
const policies = createRoute({ getParentRoute: () => root, path: "/policies", component: PoliciesPage });
const policy = createRoute({ getParentRoute: () => root, path: "/policies/$policyId", component: PolicyPage });
const agents = createRoute({ getParentRoute: () => root, path: "/agents", component: AgentsPage });
const fleet = createRoute({
  getParentRoute: () => root,
  path: "/kiosks",
  component: () => (
    <Needs permission="fleet.read">
      <FleetPage />
    </Needs>
  ),
});
const kiosk = createRoute({
  getParentRoute: () => root,
  path: "/kiosks/$deviceId",
  component: KioskPage,
});
const journeys = createRoute({
  getParentRoute: () => root,
  path: "/journeys",
  component: JourneysPage,
});
const journey = createRoute({
  getParentRoute: () => root,
  path: "/journeys/$journeyId",
  component: JourneyPage,
});
const payments = createRoute({
  getParentRoute: () => root,
  path: "/payments",
  component: PaymentsPage,
});
const payment = createRoute({
  getParentRoute: () => root,
  path: "/payments/$intentId",
  component: PaymentPage,
});
const cases = createRoute({
  getParentRoute: () => root,
  path: "/cases",
  component: CasesPage,
});
const openCase = createRoute({
  getParentRoute: () => root,
  path: "/cases/$caseId",
  component: CasePage,
});
const reconciliation = createRoute({
  getParentRoute: () => root,
  path: "/reconciliation",
  component: ReconciliationPage,
});
const run = createRoute({
  getParentRoute: () => root,
  path: "/reconciliation/$runId",
  component: RunPage,
});
const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  component: AuditPage,
});

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    signIn,
    seat,
    board,
    calls,
    call,
    messages,
    statistics,
    policies,
    policy,
    agents,
    fleet,
    kiosk,
    journeys,
    journey,
    payments,
    payment,
    cases,
    openCase,
    reconciliation,
    run,
    audit,
  ]),
  defaultPreload: false,
  scrollRestoration: true,
  // Plain text both ways: an account number in the address must not turn into a number.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const filled = Object.entries(search).filter(([, value]) => value !== undefined && value !== "");
    const text = new URLSearchParams(filled.map(([key, value]) => [key, String(value)])).toString();
    return text ? `?${text}` : "";
  },
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
