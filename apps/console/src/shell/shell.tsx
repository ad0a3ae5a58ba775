import {
  AccountBookOutlined,
  AuditOutlined,
  BarChartOutlined,
  BranchesOutlined,
  CustomerServiceOutlined,
  DashboardOutlined,
  DesktopOutlined,
  DownOutlined,
  FileSearchOutlined,
  MessageOutlined,
  NodeIndexOutlined,
  PhoneOutlined,
  TeamOutlined,
  TransactionOutlined,
} from "@ant-design/icons";
import type { Permission } from "@gridhall/domain/staff/roles.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, type LinkProps, Outlet, useLocation } from "@tanstack/react-router";
import { Alert, Button, Dropdown, Spin } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { startLive, useLiveState } from "../api/live.ts";
import { queries } from "../api/queries.ts";
import { RequestError } from "../api/request.ts";
import type { TextKey } from "../i18n/zh.ts";
import { useWords } from "../i18n/language.tsx";
import { Failure } from "../parts/states.tsx";
import { SeatMark } from "../seat/seatMark.tsx";
import { LanguageSwitch } from "./languageSwitch.tsx";
import { MeContext, useMe } from "./me.ts";
import { SignInPage } from "./signIn.tsx";
import { useSignOut } from "./signOut.ts";
import { TotpDialog } from "./totpDialog.tsx";
import { TotpPage } from "./totpPage.tsx";

interface Entry {
  to: LinkProps["to"] & string;
  text: TextKey;
  icon: ReactNode;
  needs: Permission;
}
/** The menu, in the order in which it is shown. Entries whose permission the person lacks are left out. */
export const MENU: readonly Entry[] = [
  { to: "/seat", text: "menu.seat", icon: <CustomerServiceOutlined />, needs: "seats.serve" },
  { to: "/board", text: "menu.board", icon: <DashboardOutlined />, needs: "seats.supervise" },
  { to: "/calls", text: "menu.calls", icon: <PhoneOutlined />, needs: "calls.read" },
  { to: "/messages", text: "menu.messages", icon: <MessageOutlined />, needs: "calls.read" },
  { to: "/statistics", text: "menu.statistics", icon: <BarChartOutlined />, needs: "calls.read" },
  { to: "/policies", text: "menu.policies", icon: <BranchesOutlined />, needs: "seats.manage" },
  { to: "/agents", text: "menu.agents", icon: <TeamOutlined />, needs: "seats.manage" },
  { to: "/kiosks", text: "menu.fleet", icon: <DesktopOutlined />, needs: "fleet.read" },
  { to: "/journeys", text: "menu.journeys", icon: <NodeIndexOutlined />, needs: "journeys.read" },
  { to: "/payments", text: "menu.money", icon: <TransactionOutlined />, needs: "money.read" },
  { to: "/cases", text: "menu.cases", icon: <FileSearchOutlined />, needs: "money.read" },
  { to: "/reconciliation", text: "menu.reconciliation", icon: <AccountBookOutlined />, needs: "money.read" },
  { to: "/audit", text: "menu.audit", icon: <AuditOutlined />, needs: "audit.read" },
];

/** Everything stands behind it: whoever is not signed in sees the sign-in page, at whatever address. */
export function Gate() {
  const { t } = useWords();
  const me = useQuery(queries.me());
  const signedOut = me.error instanceof RequestError && me.error.status === 401;
  if (signedOut) return <SignInPage />;
  if (me.data)
    return (
      <MeContext value={me.data}>{me.data.mustSetUpTotp ? <TotpPage /> : <Shell key={me.data.staffId} />}</MeContext>
    );
  return (
    <main className="centred">
      {me.error ? (
        <Failure error={me.error} retry={() => void me.refetch()} />
      ) : (
        <Spin size="large" aria-label={t("list.loading")} />
      )}
    </main>
  );
}

function Shell() {
  const { t, pick } = useWords();
  const me = useMe();
  const client = useQueryClient();
  const live = useLiveState();
  useEffect(() => startLive(client), [client]);
  return (
    <div className="shell">
      <header className="top">
        <Link to="/" className="brand">
          <img src="/mark.svg" alt="" width={28} height={28} />
          <span>{t("app.name")}</span>
        </Link>
        <span className="unit">{pick(me.unitNameZh, me.unitNameEn)}</span>
        <span className="spread" />
        <SeatMark />
        <LiveMark />
        <LanguageSwitch />
        <Profile />
      </header>
      <Menu />
      <main className="content">
        {live === "offline" ? <Alert banner type="warning" className="gap" title={t("live.offline-long")} /> : null}
        <Outlet />
      </main>
    </div>
  );
}

function Menu() {
  const { t } = useWords();
  const me = useMe();
  const here = useLocation({ select: (location) => location.pathname });
  const may = me.permissions.includes("money.read");
  const cases = useQuery({ ...queries.summary(undefined), enabled: may });
  return (
    <nav className="menu" aria-label={t("menu.label")}>
      {MENU.filter((entry) => me.permissions.includes(entry.needs)).map((entry) => {
        const current = here === entry.to || here.startsWith(`${entry.to}/`);
        const count = entry.to === "/cases" ? (cases.data?.openCases ?? 0) : 0;
        return (
          <Link
            key={entry.to}
            to={entry.to}
            className={current ? "current" : ""}
            aria-current={current ? "page" : undefined}
          >
            {entry.icon}
            <span>{t(entry.text)}</span>
            {count > 0 ? <span className="count figure">{count}</span> : null}
          </Link>
        );
      })}
    </nav>
  );
}

function LiveMark() {
  const { t } = useWords();
  const state = useLiveState();
  return (
    <span className={`live ${state}`} role="status" data-live={state}>
      <i aria-hidden="true" />
      {t(`live.${state}`)}
    </span>
  );
}

function Profile() {
  const { t, pick } = useWords();
  const me = useMe();
  const [totp, setTotp] = useState(false);
  const signOut = useSignOut();
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            { key: "totp", label: t("profile.totp") },
            { type: "divider" },
            { key: "sign-out", label: t("profile.sign-out") },
          ],
          onClick: ({ key }) => (key === "totp" ? setTotp(true) : void signOut()),
        }}
      >
        <Button type="text" aria-label={`${t("profile.menu")} ${pick(me.nameZh, me.nameEn)}`} data-action="profile">
          {pick(me.nameZh, me.nameEn)} <DownOutlined aria-hidden="true" />
        </Button>
      </Dropdown>
      <TotpDialog open={totp} onClose={() => setTotp(false)} />
    </>
  );
}
