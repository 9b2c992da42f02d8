// The way from a report to its file; what is behind it comes when somebody presses.
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../parts/controls";
import { withTexts } from "../../texts";
import type { FileQuestion } from "./data";

const FileDialog = lazy(() => withTexts("files", import("./dialog")).then((module) => ({ default: module.FileDialog })));

export function FileButton({ question }: { question: Omit<FileQuestion, "format"> }) {
  const { t } = useTranslation("common");
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon="download" onPress={() => setOpen(true)}>{t("intoFile")}</Button>
      {isOpen && <Suspense fallback={null}><FileDialog question={question} onClose={() => setOpen(false)} /></Suspense>}
    </>
  );
}
