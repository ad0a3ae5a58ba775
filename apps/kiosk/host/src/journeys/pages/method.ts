import type { Message, Screen } from "@gridhall/domain/kiosk/view.ts";
import { dueTotalFen } from "@gridhall/domain/payment/schema.ts";
import { cashReadiness } from "../../support/change.ts";
import { message, type PageContext, type PageController } from "../page.ts";

type Option = Extract<Screen, { kind: "method" }>["options"][number];

export function methodPage(context: PageContext): PageController {
  const { answers } = context;
  const totalFen = answers.due ? dueTotalFen(answers.due) : 0;
  let problem: Message | null = null;
  answers.tender = null;
  answers.remainder = "change";

  const options = (): Option[] => {
    const cash = cashReadiness(context.ports.cash);
    const online = context.isOnline();
    const scanner = context.ports.scanner?.health().state === "online";
    const offline = online ? null : message("unavailable.offline");
    const scan = (method: Option["method"], needsScanner: boolean): Option => {
      const reason = offline ?? (needsScanner && !scanner ? message("problem.scan-unavailable") : null);
      return { method, available: reason === null, reason };
    };
    return [
      { method: "cash", available: cash.ready, reason: cash.ready ? null : message(cash.problem) },
      scan("wechat-native", false),
      scan("alipay-native", false),
      scan("wechat-code", true),
      scan("alipay-code", true),
    ];
  };

  return {
    screen: () => ({ kind: "method", totalFen, options: options(), problem }),
    act(action) {
      if (action.type !== "method") return false;
      const option = options().find((candidate) => candidate.method === action.method);
      if (!option?.available) {
        problem = option?.reason ?? message("problem.cash-unavailable");
        context.changed();
        return true;
      }
      answers.tender = action.method;
      if (action.method === "cash") {
        const cash = cashReadiness(context.ports.cash);
        context.outcome("cash", { "cash.ready": cash.ready, "cash.changeShort": cash.ready && cash.changeShort });
      } else context.outcome("scan", { "link.online": context.isOnline() });
      return true;
    },
  };
}

/** Said before a note goes in, not after: the machine cannot give change for every note (requirement P1). */
export function changeNoticePage(context: PageContext): PageController {
  const { answers } = context;
  const cash = cashReadiness(context.ports.cash);
  return {
    screen: () => ({
      kind: "change-notice",
      totalFen: answers.due ? dueTotalFen(answers.due) : 0,
      maxChangeFen: cash.ready ? cash.maxChangeFen : 0,
    }),
    act(action) {
      if (action.type !== "accept-no-change") return false;
      answers.remainder = "prepay";
      context.outcome("accepted");
      return true;
    },
  };
}
