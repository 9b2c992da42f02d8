// The switch that stops a page from changing by itself; always in reach where a page does so.
import { useTranslation } from "react-i18next";
import { liveUpdates, useLiveUpdates } from "../api/live";
import { Button } from "./controls";

export function LiveSwitch() {
  const { t } = useTranslation();
  const { isPaused, isConnected, held } = useLiveUpdates();
  const word = isPaused ? (held > 0 ? t("live.held", { count: held }) : t("live.off")) : t(isConnected ? "live.on" : "live.lost");
  return (
    <span className="live-switch">
      <span className={`live-word ${isPaused || !isConnected ? "off" : ""}`}>{word}</span>
      <Button isSmall kind="quiet" icon={isPaused ? "play" : "pause"} onPress={isPaused ? liveUpdates.resume : liveUpdates.pause}>
        {t(isPaused ? "live.resume" : "live.pause")}
      </Button>
    </span>
  );
}
