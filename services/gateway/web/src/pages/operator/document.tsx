// The documents of an answer, shown in the page by the browser's own viewer.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { Icon } from "../../parts/icons";
import { formatSize } from "../../parts/format";
import { ErrorNotice } from "../../parts/surfaces";
import type { QueueEntry } from "./queue-data";

// Who leafs quickly through the queue loads no documents on the way.
const LINGER_MS = 250;

const contentOf = (documentId: string) => `/api/v1/documents/${documentId}/content`;

function Viewer({ documentId, name }: { documentId: string; name: string }) {
  const { t } = useTranslation("operator");
  const [hasLingered, setLingered] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLingered(true), LINGER_MS);
    return () => window.clearTimeout(timer);
  }, []);
  // The frame asks by itself: by then the session is fresh and the right to read it is known.
  const known = useQuery({
    queryKey: ["documents", documentId],
    enabled: hasLingered,
    staleTime: 60_000,
    queryFn: () => reply(api.GET("/api/v1/documents/{documentId}", { params: { path: { documentId } } })),
  });
  if (navigator.pdfViewerEnabled === false) return <p className="muted">{t("documentNotShown")}</p>;
  if (known.error) return <ErrorNotice error={known.error} onRetry={() => void known.refetch()} />;
  if (!known.data) return <div className="document-frame" role="status"><span className="visually-hidden">{t("documentLoading")}</span></div>;
  return (
    // Keys belong to the page again as soon as the pointer leaves the document.
    <iframe className="document-frame" title={`${t("document")}: ${name}`} src={`${contentOf(documentId)}?inline=true#view=FitH&navpanes=0`}
      onMouseLeave={(event) => event.currentTarget.blur()} />
  );
}

export function Documents({ entry }: { entry: QueueEntry }) {
  const { t } = useTranslation(["operator", "common"]);
  const [chosen, setChosen] = useState(0);
  const shown = entry.documents[chosen] ?? entry.documents[0];
  if (!shown) return <p className="muted">{t("noDocument")}</p>;
  return (
    <section aria-label={t("document")}>
      {entry.documents.length > 1 && (
        <div className="document-choice" role="group" aria-label={t("document")}>
          {entry.documents.map((document, index) => (
            <button key={document.documentId} type="button" className="button small" aria-pressed={document === shown} onClick={() => setChosen(index)}>
              <Icon name="file" size={16} /><span>{document.fileName}</span>
            </button>
          ))}
        </div>
      )}
      <div className="document-head">
        <span className="document-name"><Icon name="file" /> {shown.fileName}</span>
        <span className="muted nowrap">{t("common:pages", { count: shown.pages })} · {formatSize(shown.sizeBytes)}</span>
        <span className="document-links">
          <a href={`${contentOf(shown.documentId)}?inline=true`} target="_blank" rel="noreferrer">{t("openDocument")}</a>
          <a href={contentOf(shown.documentId)} download>{t("download")}</a>
        </span>
      </div>
      <Viewer key={shown.documentId} documentId={shown.documentId} name={shown.fileName} />
    </section>
  );
}
