import { Modal } from "antd";
import { useWords } from "../i18n/language.tsx";
import { keyOf, SHORTCUTS } from "./keyboard.ts";

export function KeyHelp({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useWords();
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t("keys.title")} width={520}>
      <p className="faint gap">{t("keys.hint")}</p>
      <dl className="keys">
        {SHORTCUTS.map(({ action }) => (
          <div key={action}>
            <dt>
              <kbd>{keyOf(action)}</kbd>
            </dt>
            <dd>{t(`keys.${action}`)}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>1</kbd> – <kbd>6</kbd>
          </dt>
          <dd>{t("keys.outcome")}</dd>
        </div>
      </dl>
    </Modal>
  );
}
