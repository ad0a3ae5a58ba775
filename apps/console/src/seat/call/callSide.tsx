import type { DeskCall, DeskState } from "@gridhall/domain/seats/desk.ts";
import { Button } from "antd";
import { useWords } from "../../i18n/language.tsx";
import type { CallMedia, MediaView } from "../media/callMedia.ts";
import { Video } from "../media/video.tsx";
import { desk } from "../link/desk.ts";
import { QualityMeter } from "./qualityMeter.tsx";

interface Props {
  call: DeskCall;
  state: DeskState;
  media: CallMedia | null;
  view: MediaView | null;
}

/** Faces, devices that do not work, who takes part, and how good the line is. */
export function CallSide({ call, state, media, view }: Props) {
  const { t, code } = useWords();
  const customer = view?.tracks.find((one) => one.role === "customer" && one.kind === "camera");
  const others = view?.tracks.filter((one) => one.role !== "customer" && one.kind === "camera") ?? [];
  const troubles = (["camera", "microphone", "screen"] as const).filter((one) => call.customerMedia[one] !== "ok");
  const listening = call.part === "supervising" && !view?.own && view?.trouble.camera === "off";
  return (
    <aside className="call-side" aria-label={t("call.people")}>
      <figure className="face customer">
        <Video stream={customer?.stream ?? null} data-testid="customer-video" aria-label={t("call.customer-video")} />
        {customer ? null : (
          <p>
            {call.phase.name === "held"
              ? t("call.no-picture-held")
              : call.customerMedia.camera === "ok"
                ? t("call.no-picture-yet")
                : code("customer-camera", call.customerMedia.camera)}
          </p>
        )}
        <figcaption>{t("call.customer")}</figcaption>
      </figure>
      {troubles.length === 0 ? null : (
        <div className="troubles" role="status" data-testid="customer-trouble">
          {troubles.map((one) => (
            <p key={one}>{code(`customer-${one}`, call.customerMedia[one])}</p>
          ))}
        </div>
      )}
      {others.map((one) => (
        <figure className="face small" key={one.trackId}>
          <Video stream={one.stream} aria-label={t("call.colleague-video")} />
          <figcaption>{t(one.role === "supervisor" ? "call.supervisor" : "call.colleague")}</figcaption>
        </figure>
      ))}
      {listening ? null : <Own media={media} view={view} />}
      <Parties call={call} state={state} />
      <QualityMeter view={view} />
    </aside>
  );
}

function Own({ media, view }: Pick<Props, "media" | "view">) {
  const { t, code } = useWords();
  const camera = view?.trouble.camera ?? "off";
  const microphone = view?.trouble.microphone ?? "off";
  const failed = (trouble: string) => trouble !== "ok" && trouble !== "off";
  return (
    <>
      <figure className="face own">
        <Video
          stream={view?.own ?? null}
          className="mirrored"
          data-testid="own-video"
          aria-label={t("call.own-video")}
        />
        {view?.own ? null : <p>{failed(camera) ? code("own-camera", camera) : t("call.own-camera-off")}</p>}
        <figcaption>
          {t("call.own")}
          {view?.muted ? <b> · {t("call.muted")}</b> : null}
        </figcaption>
      </figure>
      {failed(microphone) || failed(camera) ? (
        <div className="troubles" role="alert" data-testid="own-trouble">
          {failed(microphone) ? <p>{code("own-microphone", microphone)}</p> : null}
          {failed(camera) ? <p>{code("own-camera", camera)}</p> : null}
          <Button size="small" onClick={() => media?.retryDevices()}>
            {t("call.retry-devices")}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function Parties({ call, state }: Pick<Props, "call" | "state">) {
  const { t, code, pick } = useWords();
  const others = call.parties.filter((one) => one.seatId !== state.seatId);
  if (others.length === 0) return null;
  const joined = others.find((one) => one.role === "agent" && !one.invited);
  const ringing = others.find((one) => one.invited);
  return (
    <div className="parties" data-testid="parties">
      <h3>{t("call.parties")}</h3>
      <ul>
        {others.map((one) => (
          <li key={one.seatId}>
            <span>{pick(one.name.zh, one.name.en)}</span>
            <span className="faint">{one.invited ? t("call.party-ringing") : code("party-mode", one.mode)}</span>
          </li>
        ))}
      </ul>
      {call.part === "own" && (joined || ringing) ? (
        <div className="buttons">
          {joined ? (
            <Button
              size="small"
              type="primary"
              onClick={() => desk.order({ type: "complete-transfer", callId: call.callId })}
              data-testid="transfer-complete"
            >
              {t("transfer.complete", { name: pick(joined.name.zh, joined.name.en) })}
            </Button>
          ) : null}
          <Button
            size="small"
            onClick={() => desk.order({ type: "cancel-transfer", callId: call.callId })}
            data-testid="transfer-cancel"
          >
            {t(joined ? "transfer.let-go" : "transfer.cancel")}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
