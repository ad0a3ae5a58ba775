import { type KioskView, type CustomerAction } from "@gridhall/domain/kiosk/view.ts";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { CallContext } from "./call/callContext.ts";
import type { CallMedia } from "./call/media/callMedia.ts";
import type { Connection } from "./connection.ts";
import { KioskContext } from "./context.ts";
import { Frame } from "./frame/frame.tsx";
import { Restoring } from "./frame/restoring.tsx";
import { hush } from "./voice.ts";

export function App({ connection, media }: { connection: Connection; media: CallMedia }) {
  const link = useSyncExternalStore(connection.subscribe, connection.link);
  const line = useMemo(() => ({ media, tell: connection.tell }), [media, connection.tell]);
  useEffect(() => {
    if (link.state === "down") hush();
  }, [link.state]);
  if (link.state === "down") return <Restoring />;
  // A new customer finds nothing of the one before: everything below is made anew.
  return (
    <CallContext value={line}>
      <Customer key={link.view.session} view={link.view} act={connection.act} />
    </CallContext>
  );
}

export function Customer({ view, act }: { view: KioskView; act: (action: CustomerAction) => void }) {
  const memory = useMemo(() => new Map<string, unknown>(), []);
  const { language, textSize, contrast } = view.settings;
  useEffect(() => {
    const { documentElement } = document;
    documentElement.lang = language;
    documentElement.dataset["contrast"] = contrast;
    documentElement.dataset["text"] = textSize;
  }, [language, textSize, contrast]);
  return (
    <KioskContext value={{ view, act, memory }}>
      <Frame />
    </KioskContext>
  );
}
