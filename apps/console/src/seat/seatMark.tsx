import { useQueryClient } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { useWords } from "../i18n/language.tsx";
import { desk, useCentreNow, useDesk } from "./link/desk.ts";
import { prepareRing } from "./ring/ringTone.ts";
import { useRinging } from "./ring/useRinging.ts";
import { stopwatch } from "./seatTime.ts";

const ASK_WHO_AFTER = 3;

/**
 * In the head of every page while the desk is open: one's own state, and a way back to a call or to one that rings. It
 * also keeps the desk: leaving the console closes it.
 */
export function SeatMark() {
  const { t, code } = useWords();
  const { link, attempts, state } = useDesk();
  const now = useCentreNow(1_000);
  const client = useQueryClient();
  const here = useLocation({ select: (location) => location.pathname });
  const open = link !== "closed";
  useEffect(() => () => desk.close(), []);
  useEffect(() => (open ? prepareRing() : undefined), [open]);
  useRinging(link === "open" ? (state?.offer ?? null) : null);
  useEffect(() => {
    // A session that ended refuses the socket without a word; asking who one is brings the sign-in page.
    if (link === "signed-out" || attempts >= ASK_WHO_AFTER) void client.invalidateQueries({ queryKey: ["me"] });
  }, [link, attempts, client]);
  if (!open || here === "/seat") return null;
  const name = state?.status?.state.name;
  if (link !== "open" || !name)
    return (
      <Link to="/seat" className="seat-mark trouble">
        {t(`desk-link.${link}`)}
      </Link>
    );
  return (
    <Link to="/seat" className={state.offer ? "seat-mark ringing" : `seat-mark state-${name}`}>
      {state.offer ? t("mark.answer") : code("seat-state", name)}
      <span className="figure">{state.status ? stopwatch(now - state.status.sinceMs) : ""}</span>
    </Link>
  );
}
