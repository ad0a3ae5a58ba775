import { FullscreenOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { useWords } from "../../i18n/language.tsx";
import { sentenceOf } from "../../parts/states.tsx";
import { Page } from "../../parts/page.tsx";
import { Loaded } from "../../parts/states.tsx";
import { desk, useDesk } from "../link/desk.ts";
import { useRefusalWords } from "../seatPage.tsx";
import { seatQueries } from "../seatQueries.ts";
import { BoardAgents } from "./boardAgents.tsx";
import { BoardCalls } from "./boardCalls.tsx";
import { BoardFigures } from "./boardFigures.tsx";
import { BoardWaiting } from "./boardWaiting.tsx";

const READ_EVERY_MS = 1_000;
/** Two readings may be late before it is said that the figures are old. */
const STALE_MS = 4_000;

/**
 * The supervisor's wallboard. It only reads, so that it can hang on a wall all day; the desk is opened by the first
 * action, since a person has one desk and a second window would take it from the first.
 */
export function BoardPage() {
  const words = useWords();
  const { t } = words;
  const query = useQuery({ ...seatQueries.board(), refetchInterval: READ_EVERY_MS, refetchIntervalInBackground: true });
  const { state, link } = useDesk();
  const navigate = useNavigate();
  const going = useRef<string | null>(null);
  const wall = useRef<HTMLDivElement>(null);
  const now = useTick();
  useRefusalWords();
  const supervised = state?.call?.part === "supervising" ? state.call : null;
  useEffect(() => {
    // The call window opens once the centre has let the supervisor in.
    if (going.current === null || supervised?.callId !== going.current) return;
    going.current = null;
    void navigate({ to: "/seat" });
  }, [supervised, navigate]);
  const old = query.dataUpdatedAt > 0 && now - query.dataUpdatedAt > STALE_MS;
  return (
    <Page
      name="board"
      title={t("board.title")}
      tags={
        old ? (
          <span className="board-old" role="alert">
            {t("board.old", { n: Math.round((now - query.dataUpdatedAt) / 1000) })}
          </span>
        ) : null
      }
      actions={
        <>
          {supervised ? (
            <Link to="/seat" className="board-supervised" data-testid="board-supervised">
              {t("board.supervised")}
            </Link>
          ) : null}
          <Button
            icon={<FullscreenOutlined />}
            onClick={() => void wall.current?.requestFullscreen().catch(() => {})}
            data-action="fullscreen"
          >
            {t("board.fullscreen")}
          </Button>
        </>
      }
    >
      {link === "opened-elsewhere" ? (
        <Alert
          type="info"
          showIcon
          className="gap"
          title={t("board.desk-elsewhere")}
          action={<Button onClick={() => desk.open(true)}>{t("desk-link.take-over")}</Button>}
        />
      ) : null}
      {query.error && query.data ? (
        <Alert type="warning" banner className="gap" title={sentenceOf(query.error, words)} />
      ) : null}
      <Loaded query={query}>
        {(board) => (
          <div ref={wall} className={old ? "board old" : "board"} data-testid="board">
            <BoardFigures board={board} />
            <div className="board-columns">
              <BoardWaiting board={board} />
              <BoardCalls
                board={board}
                supervised={supervised?.callId ?? null}
                onSupervise={(callId, mode) => {
                  desk.open();
                  if (desk.order({ type: "supervise", callId, mode })) going.current = callId;
                }}
              />
              <BoardAgents board={board} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function useTick(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
