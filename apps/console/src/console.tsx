import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { App, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { RequestError } from "./api/request.ts";
import { useWords } from "./i18n/language.tsx";
import { router } from "./router.tsx";
import { consoleTheme } from "./theme.ts";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // Without a network a read fails at once and says so, rather than wait unseen.
      networkMode: "always",
      refetchOnWindowFocus: false,
      // A refusal stays a refusal; only what never reached the centre is worth another try.
      retry: (failures, error) =>
        failures < 2 && error instanceof RequestError && (error.status === 0 || error.status >= 502),
    },
  },
});
// A session that ended shows the sign-in page, one that lacks its second factor the way to it: whichever request found out.
client.getQueryCache().subscribe((event) => {
  if (event.type !== "updated" || event.action.type !== "error" || event.query.queryKey[0] === "me") return;
  const { error } = event.action;
  if (error instanceof RequestError && (error.status === 401 || error.code === "auth.totp-setup-required"))
    void client.invalidateQueries({ queryKey: ["me"] });
});

export function Console() {
  const { language } = useWords();
  dayjs.locale(language === "en" ? "en" : "zh-cn");
  return (
    <ConfigProvider
      locale={language === "en" ? enUS : zhCN}
      theme={consoleTheme}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
    >
      <App>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </App>
    </ConfigProvider>
  );
}
