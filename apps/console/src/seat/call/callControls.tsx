import {
  AudioMutedOutlined,
  AudioOutlined,
  PauseCircleOutlined,
  PhoneOutlined,
  PlayCircleOutlined,
  SettingOutlined,
  SwapOutlined,
  UserAddOutlined,
  VideoCameraAddOutlined,
  VideoCameraOutlined,
} from "@ant-design/icons";
import type { DeskCall, DeskState } from "@gridhall/domain/seats/desk.ts";
import { Button, Popover, Segmented, Tooltip } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { useWords } from "../../i18n/language.tsx";
import { keyOf, type SeatAction } from "../keyboard.ts";
import { desk } from "../link/desk.ts";
import type { CallMedia, MediaView } from "../media/callMedia.ts";
import { DevicePicker } from "../media/devicePicker.tsx";
import { useKeys } from "../useKeys.ts";
import { TransferDialog } from "./transferDialog.tsx";

const ARMED_MS = 3_000;

interface Props {
  call: DeskCall;
  state: DeskState;
  media: CallMedia | null;
  view: MediaView | null;
}

/** What is done to the call itself. What one may do follows from the part one has in it. */
export function CallControls({ call, state, media, view }: Props) {
  const { t } = useWords();
  const [asking, setAsking] = useState<"transfer" | "invite" | null>(null);
  const hangUp = useArmed(() => desk.order({ type: "hang-up", callId: call.callId }));
  const { callId, part } = call;
  const held = call.phase.name === "held";
  const own = part === "own";
  const mode = call.parties.find((one) => one.seatId === state.seatId)?.mode ?? "talking";
  const heard = part !== "supervising" || mode !== "listen";
  const muted = view?.muted ?? false;
  const hold = () => void desk.order({ type: "hold", callId, on: !held });
  const mute = () => media?.setMuted(!muted);
  useKeys({
    ...(own ? { hold, "hang-up": hangUp.press } : {}),
    ...(heard ? { mute } : {}),
  });
  return (
    <div className="call-controls" role="toolbar" aria-label={t("call.controls")}>
      {own ? (
        <Control action="hold" text={t(held ? "call.resume" : "call.hold")}>
          <Button
            size="large"
            icon={held ? <PlayCircleOutlined /> : <PauseCircleOutlined />}
            type={held ? "primary" : "default"}
            onClick={hold}
            aria-pressed={held}
            data-testid="call-hold"
          >
            {t(held ? "call.resume" : "call.hold")}
          </Button>
        </Control>
      ) : null}
      {heard ? (
        <Control action="mute" text={t(muted ? "call.unmute" : "call.mute")}>
          <Button
            size="large"
            danger={muted}
            icon={muted ? <AudioMutedOutlined /> : <AudioOutlined />}
            onClick={mute}
            aria-pressed={muted}
            data-testid="call-mute"
          >
            {t(muted ? "call.unmute" : "call.mute")}
          </Button>
        </Control>
      ) : null}
      {heard && mode !== "whisper" ? (
        <Button
          size="large"
          icon={view?.cameraOff ? <VideoCameraAddOutlined /> : <VideoCameraOutlined />}
          onClick={() => media?.setCameraOff(!view?.cameraOff)}
          aria-pressed={view?.cameraOff ?? false}
          data-testid="call-camera"
        >
          {t(view?.cameraOff ? "call.camera-on" : "call.camera-off")}
        </Button>
      ) : null}
      <Popover
        trigger="click"
        title={t("call.devices")}
        content={<DevicePicker onChoose={(kind, deviceId) => media?.choose(kind, deviceId)} />}
      >
        <Button size="large" icon={<SettingOutlined />} aria-label={t("call.devices")} data-testid="call-devices" />
      </Popover>
      <span className="spread" />
      {part === "supervising" ? (
        <Segmented
          size="large"
          value={mode}
          onChange={(next) => {
            if (next === "listen" || next === "whisper" || next === "joined")
              desk.order({ type: "supervise", callId, mode: next });
          }}
          options={(["listen", "whisper", "joined"] as const).map((value) => ({
            value,
            label: t(`supervise.${value}`),
          }))}
        />
      ) : null}
      {own ? (
        <>
          <Button
            size="large"
            icon={<SwapOutlined />}
            onClick={() => setAsking("transfer")}
            data-testid="transfer-open"
          >
            {t("transfer.open")}
          </Button>
          <Button size="large" icon={<UserAddOutlined />} onClick={() => setAsking("invite")} data-testid="invite-open">
            {t("invite.open")}
          </Button>
          <Control action="hang-up" text={t("call.hang-up")}>
            <Button
              size="large"
              type="primary"
              danger
              className="hang-up"
              icon={<PhoneOutlined rotate={225} />}
              onClick={() => desk.order({ type: "hang-up", callId })}
              data-testid="call-hangup"
            >
              {hangUp.armed ? t("call.hang-up-again") : t("call.hang-up")}
            </Button>
          </Control>
        </>
      ) : (
        <Button size="large" danger onClick={() => desk.order({ type: "leave", callId })} data-testid="call-leave">
          {t("call.leave")}
        </Button>
      )}
      {asking === null ? null : (
        <TransferDialog kind={asking} call={call} state={state} onClose={() => setAsking(null)} />
      )}
    </div>
  );
}

function Control({ action, text, children }: { action: SeatAction; text: string; children: ReactNode }) {
  return <Tooltip title={`${text} (${keyOf(action)})`}>{children}</Tooltip>;
}

/** A key that ends something has to be pressed twice: a slip of the finger must not hang up on a customer. */
function useArmed(act: () => void): { armed: boolean; press(): void } {
  const [armed, setArmed] = useState(false);
  useEffect(() => {
    if (!armed) return;
    const timer = setTimeout(() => setArmed(false), ARMED_MS);
    return () => clearTimeout(timer);
  }, [armed]);
  return {
    armed,
    press: () => {
      if (armed) act();
      setArmed(!armed);
    },
  };
}
