import type { DeskCall } from "@gridhall/domain/seats/desk.ts";
import { Input } from "antd";
import { useWords } from "../../i18n/language.tsx";
import { useNote } from "../drafts.ts";

/** Notes of the call, kept while they are typed. */
export function NotePanel({ callId, stored }: { callId: DeskCall["callId"]; stored: string }) {
  const { t } = useWords();
  const { note, state, set } = useNote(callId, stored);
  return (
    <section className="note" aria-label={t("note.title")}>
      <div className="note-head">
        <h3>{t("note.title")}</h3>
        <span className={`faint note-${state}`} role="status" data-testid="note-state" data-state={state}>
          {note === "" ? "" : t(`note.${state}`)}
        </span>
      </div>
      <Input.TextArea
        value={note}
        rows={4}
        maxLength={4000}
        aria-label={t("note.title")}
        placeholder={t("note.hint")}
        onChange={(event) => set(event.target.value)}
        data-testid="call-note"
      />
    </section>
  );
}
