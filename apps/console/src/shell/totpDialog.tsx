import { App, Modal } from "antd";
import { useWords } from "../i18n/language.tsx";
import { TotpSetUp } from "./totpSetUp.tsx";

export function TotpDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const done = () => {
    onClose();
    void message.success(t("totp.done"));
  };
  return (
    <Modal open={open} title={t("profile.totp")} onCancel={onClose} footer={null} destroyOnHidden width={460}>
      <TotpSetUp onDone={done} />
    </Modal>
  );
}
