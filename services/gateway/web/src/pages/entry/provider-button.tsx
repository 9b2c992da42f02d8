// The other way in: with the account of a system outside, when there is one.
import { useTranslation } from "react-i18next";
import { goToProvider, useProviderName, type Errand } from "../../api/provider";
import { Button } from "../../parts/controls";
import { ErrorNotice } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";

export function useProvider(kind: Errand["kind"], back: string) {
  return useCommand((_: null, headers) => goToProvider(kind, back, headers));
}

export function ProviderButton({ back = "/" }: { back?: string }) {
  const { t } = useTranslation("entry");
  const name = useProviderName();
  const going = useProvider("enter", back);
  if (!name) return null;
  return (
    <div className="other-way">
      <p className="muted">{t("or")}</p>
      <Button onPress={() => going.mutate(null)} isDisabled={going.isPending || going.isSuccess}>{t("enterBy", { name })}</Button>
      {going.error ? <ErrorNotice error={going.error} /> : null}
    </div>
  );
}
