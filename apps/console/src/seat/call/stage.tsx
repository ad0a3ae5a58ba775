import { allows, type PageElement } from "@gridhall/domain/seats/assist.ts";
import type { DeskCall } from "@gridhall/domain/seats/desk.ts";
import { Segmented } from "antd";
import { type PointerEvent, useEffect, useRef, useState } from "react";
import { useWords } from "../../i18n/language.tsx";
import { desk, useDesk } from "../link/desk.ts";
import type { MediaView } from "../media/callMedia.ts";
import { Video } from "../media/video.tsx";

type Tool = "point" | "highlight";
/** Twenty a second is as smooth as the eye asks, and no more than the line needs to carry. */
const POINT_EVERY_MS = 50;
/** A pointer that stands still for so long has been seen. */
const POINT_STAYS_MS = 4_000;

/** The customer's screen, large, with the page's own elements as targets for pointing. */
export function Stage({ call, view, helper }: { call: DeskCall; view: MediaView | null; helper: boolean }) {
  const { t, code } = useWords();
  const { map } = useDesk();
  const [tool, setTool] = useState<Tool>("point");
  const [lit, setLit] = useState<string | null>(null);
  const [size, setSize] = useState({ width: 1080, height: 1920 });
  const pointing = usePointing(call.callId);
  const screen = view?.tracks.find((one) => one.kind === "screen");
  const mayPoint = helper && allows(call.consent, "point") && call.phase.name !== "held";
  // Without a picture the page is drawn from its own map: the agent still sees what is where, and can point.
  const drawn = !screen && map !== null && call.phase.name === "connected" && allows(call.consent, "view");
  const shape = !screen && map ? map : size;
  const ratio = shape.width / shape.height;
  const highlight = (elementId: string | null) => {
    setLit(elementId);
    desk.order({ type: "highlight", callId: call.callId, elementId });
  };
  const touch = (element: PageElement) => {
    if (tool === "highlight") return highlight(lit === element.elementId ? null : element.elementId);
    pointing.show({
      x: clamp(element.x + element.width / 2),
      y: clamp(element.y + element.height / 2),
      elementId: element.elementId,
    });
  };
  return (
    <section className="stage" aria-label={t("stage.title")}>
      <div className="stage-room">
        <div
          className={mayPoint ? "stage-screen may-point" : "stage-screen"}
          style={{
            aspectRatio: `${shape.width} / ${shape.height}`,
            width: `min(100cqw, ${(100 * ratio).toFixed(3)}cqh)`,
          }}
          {...(mayPoint && tool === "point" ? pointing.handlers : {})}
        >
          <Video
            stream={screen?.stream ?? null}
            data-testid="customer-screen"
            aria-label={t("stage.title")}
            hidden={!screen}
            onResize={({ currentTarget: { videoWidth: width, videoHeight: height } }) => {
              if (width > 0 && height > 0) setSize({ width, height });
            }}
          />
          {screen && call.phase.name === "interrupted" ? (
            <p className="stage-frozen" role="status">
              {stageWords(call, t, code)}
            </p>
          ) : null}
          {screen ? null : (
            <div className={drawn ? "stage-frozen" : "stage-nothing"} role="status">
              <p>{stageWords(call, t, code)}</p>
            </div>
          )}
          {map && (drawn || (screen && mayPoint))
            ? map.elements.map((element) => (
                <button
                  type="button"
                  key={element.elementId}
                  className={`target${drawn ? " drawn" : ""}${lit === element.elementId ? " lit" : ""}`}
                  disabled={!mayPoint}
                  style={{
                    left: `${element.x * 100}%`,
                    top: `${element.y * 100}%`,
                    width: `${element.width * 100}%`,
                    height: `${element.height * 100}%`,
                  }}
                  aria-label={element.label || element.elementId}
                  aria-pressed={tool === "highlight" ? lit === element.elementId : undefined}
                  data-element={element.elementId}
                  onClick={(event) => {
                    // With the tool in hand a press has pointed already, to the very spot; this is for the keyboard.
                    if (tool === "highlight" || event.detail === 0) touch(element);
                  }}
                >
                  <span aria-hidden="true">{element.label}</span>
                </button>
              ))
            : null}
          {pointing.at ? (
            <i
              className="pointer"
              aria-hidden="true"
              style={{ left: `${pointing.at.x * 100}%`, top: `${pointing.at.y * 100}%` }}
            />
          ) : null}
        </div>
      </div>
      <footer className="stage-tools">
        <Segmented<Tool>
          size="small"
          value={tool}
          disabled={!mayPoint}
          onChange={(next) => {
            setTool(next);
            if (lit !== null) highlight(null);
          }}
          options={[
            { value: "point", label: t("stage.point") },
            { value: "highlight", label: t("stage.highlight") },
          ]}
        />
        <span className="faint">
          {t(mayPoint ? `stage.${tool}-hint` : helper ? "stage.no-pointing" : "stage.looking-on")}
        </span>
      </footer>
    </section>
  );
}

function stageWords(
  call: DeskCall,
  t: ReturnType<typeof useWords>["t"],
  code: ReturnType<typeof useWords>["code"],
): string {
  if (call.phase.name === "held") return t("stage.held");
  if (call.phase.name === "interrupted") return t(`call.interrupted-${call.phase.side}`);
  if (call.customerMedia.screen !== "ok") return code("customer-screen", call.customerMedia.screen);
  return t(allows(call.consent, "view") ? "stage.not-yet" : "stage.no-consent");
}

const clamp = (share: number) => Math.min(1, Math.max(0, share));

interface Point {
  x: number;
  y: number;
  elementId: string | null;
}

/** Pointing by pressing and dragging; what is under the pointer comes from the page map where there is one. */
function usePointing(callId: DeskCall["callId"]) {
  const { map } = useDesk();
  const [at, setAt] = useState<Point | null>(null);
  const sentMs = useRef(0);
  const pressed = useRef(false);
  const fade = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(fade.current), []);
  const show = (pointer: Point) => {
    setAt(pointer);
    sentMs.current = performance.now();
    desk.hint({ type: "point", callId, pointer });
    clearTimeout(fade.current);
    fade.current = setTimeout(() => {
      setAt(null);
      desk.hint({ type: "point", callId, pointer: null });
    }, POINT_STAYS_MS);
  };
  const pointOf = (event: PointerEvent<HTMLElement>): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    const x = clamp((event.clientX - box.left) / box.width);
    const y = clamp((event.clientY - box.top) / box.height);
    // The smallest that contains it: a card's button rather than the card.
    const [under] = (map?.elements ?? [])
      .filter((one) => x >= one.x && x <= one.x + one.width && y >= one.y && y <= one.y + one.height)
      .sort((a, b) => a.width * a.height - b.width * b.height);
    return { x, y, elementId: under?.elementId ?? null };
  };
  return {
    at,
    show,
    handlers: {
      onPointerDown(event: PointerEvent<HTMLElement>) {
        if (event.button !== 0) return;
        pressed.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        show(pointOf(event));
      },
      onPointerMove(event: PointerEvent<HTMLElement>) {
        if (pressed.current && performance.now() - sentMs.current >= POINT_EVERY_MS) show(pointOf(event));
      },
      onPointerUp(event: PointerEvent<HTMLElement>) {
        if (pressed.current) show(pointOf(event));
        pressed.current = false;
      },
      onPointerCancel() {
        pressed.current = false;
      },
    },
  };
}
