import { deviceApi } from "@gridhall/domain/backoffice/api.ts";
import type { Message, Screen } from "@gridhall/domain/kiosk/view.ts";
import { isMessage, message, type PageContext, type PageController } from "../page.ts";

type Method = "account" | "phone" | "id-card" | "bill-qr";

export function findAccountPage(context: PageContext): PageController {
  const { answers } = context;
  let reader: Extract<Screen, { kind: "find-account" }>["reader"] = "off";
  let problem: Message | null = null;
  let reading: AbortController | null = null;

  const find = async (by: Method, value: string) => {
    problem = null;
    const found = await context.busy(message("busy.finding"), async () => {
      const { accounts } = deviceApi["accounts.find"].result.parse(await context.ask("accounts.find", { by, value }));
      const [only] = accounts;
      const overview =
        accounts.length === 1 && only
          ? deviceApi["account.overview"].result.parse(
              await context.ask("account.overview", { accountNo: only.accountNo }),
            )
          : null;
      return { accounts, overview };
    });
    if (context.signal.aborted) return;
    if (isMessage(found)) problem = found;
    else if (found.accounts.length === 0) problem = message("problem.account-not-found");
    else {
      answers.accounts = found.accounts;
      answers.account = found.accounts.length === 1 ? (found.accounts[0] ?? null) : null;
      answers.overview = found.overview;
      context.outcome("found", { "accounts.count": found.accounts.length });
      return;
    }
    context.trace("account.not-found", { by });
    context.changed();
    listen();
  };

  /** Card and code readers wait by themselves as long as their tab is shown. */
  const listen = () => {
    reading?.abort();
    reading = null;
    reader = "off";
    const { method } = answers;
    if (method !== "id-card" && method !== "bill-qr") return context.ports.cabinet?.guide(null);
    const port = method === "id-card" ? context.ports.idCard : context.ports.scanner;
    if (!port || port.health().state !== "online") {
      reader = "unavailable";
      return;
    }
    context.ports.cabinet?.guide(method === "id-card" ? "idReader" : "scanner");
    const current = new AbortController();
    reading = current;
    reader = "waiting";
    const signal = AbortSignal.any([context.signal, current.signal]);
    const onCard = () => {
      reader = "reading";
      context.changed();
    };
    const read =
      method === "id-card"
        ? context.ports.idCard?.read(signal, onCard).then((card) => card.idNumber)
        : context.ports.scanner?.read(signal);
    read?.then(
      (value) => {
        if (signal.aborted) return;
        reader = "off";
        void find(method, value);
      },
      () => {
        if (signal.aborted) return;
        reader = "failed";
        problem = message(method === "id-card" ? "problem.card-unreadable" : "problem.code-unreadable");
        context.changed();
        // A card that slipped or a crumpled code: after a moment the reader is ready again by itself.
        setTimeout(() => {
          if (signal.aborted) return;
          listen();
          context.changed();
        }, 2_500);
      },
    );
  };

  context.signal.addEventListener("abort", () => context.ports.cabinet?.guide(null), { once: true });
  listen();
  return {
    screen: () => ({ kind: "find-account", method: answers.method, reader, problem }),
    act(action) {
      switch (action.type) {
        case "find-method":
          answers.method = action.method;
          problem = null;
          listen();
          context.changed();
          return true;
        case "find": {
          const value = action.value.replaceAll(/\s/g, "");
          if (answers.method === "account" && !/^\d{13}$/.test(value)) problem = message("problem.account-format");
          else if (answers.method === "phone" && !/^1\d{10}$/.test(value)) problem = message("problem.phone-format");
          else {
            void find(answers.method, value);
            return true;
          }
          context.changed();
          return true;
        }
        default:
          return false;
      }
    },
  };
}
