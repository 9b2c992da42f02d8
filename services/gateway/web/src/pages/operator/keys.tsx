// The list of keys.
import { useTranslation } from "react-i18next";
import { Dialog } from "../../parts/surfaces";

const KEYS = [
  ["J", "next"], ["K", "previous"], ["Enter", "open"], ["A", "accept"], ["R", "reject"], ["Ctrl+Enter", "send"],
  ["/", "search"], ["X", "select"], ["Esc", "close"], ["?", "help"],
] as const;

export function KeysDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("operator");
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t("keysTitle")}>
      <dl className="keys-list">
        {KEYS.map(([key, text]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{t(`keys.${text}`)}</dd></div>)}
      </dl>
      <p className="muted">{t("keysLayout")}</p>
    </Dialog>
  );
}
