import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate } from "@tanstack/react-router";
import { FleetPage } from "./fleet/fleetPage.tsx";
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

const start = createRoute({ getParentRoute: () => root, path: "/", component: Start });
const signIn = createRoute({ getParentRoute: () => root, path: "/sign-in", component: Start });
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
  component: lazyRouteComponent(() => import("./fleet/kioskPage.tsx"), "KioskPage"),
});
const journeys = createRoute({
  getParentRoute: () => root,
  path: "/journeys",
  component: lazyRouteComponent(() => import("./journeys/journeysPage.tsx"), "JourneysPage"),
});
const journey = createRoute({
  getParentRoute: () => root,
  path: "/journeys/$journeyId",
  component: lazyRouteComponent(() => import("./journeys/journeyPage.tsx"), "JourneyPage"),
});
const payments = createRoute({
  getParentRoute: () => root,
  path: "/payments",
  component: lazyRouteComponent(() => import("./money/paymentsPage.tsx"), "PaymentsPage"),
});
const payment = createRoute({
  getParentRoute: () => root,
  path: "/payments/$intentId",
  component: lazyRouteComponent(() => import("./money/paymentPage.tsx"), "PaymentPage"),
});
const cases = createRoute({
  getParentRoute: () => root,
  path: "/cases",
  component: lazyRouteComponent(() => import("./money/casesPage.tsx"), "CasesPage"),
});
const openCase = createRoute({
  getParentRoute: () => root,
  path: "/cases/$caseId",
  component: lazyRouteComponent(() => import("./money/casePage.tsx"), "CasePage"),
});
const reconciliation = createRoute({
  getParentRoute: () => root,
  path: "/reconciliation",
  component: lazyRouteComponent(() => import("./money/reconciliationPage.tsx"), "ReconciliationPage"),
});
const run = createRoute({
  getParentRoute: () => root,
  path: "/reconciliation/$runId",
  component: lazyRouteComponent(() => import("./money/runPage.tsx"), "RunPage"),
});
const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  component: lazyRouteComponent(() => import("./audit/auditPage.tsx"), "AuditPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    signIn,
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
