// One document by itself, piece by piece, for a draft of a message or for a programme; each piece is repeated on a weak line.
import { api, reply } from "./client";

const PIECE_BYTES = 65_536;
export const MAX_BYTES = 20 * 1024 * 1024;
// Up to here a document goes in one request.
export const AT_ONCE_BYTES = 120 * 1024;

type Owner = { assignmentId: string } | { messageId: string } | { programmeCode: string };

export async function storeDocument(owner: Owner, file: File, options: { sha256: string; key: string; signal?: AbortSignal }) {
  const { sha256, key, signal } = options;
  return reply(api.POST("/api/v1/documents", {
    params: { query: { ...owner, fileName: file.name, sha256 }, header: { "Idempotency-Key": key } },
    headers: { "Content-Type": "application/octet-stream" },
    body: file as unknown as string, bodySerializer: (body) => body, signal,
  }));
}

export async function uploadDocument(owner: Owner, file: File, onPart: (part: number) => void): Promise<string> {
  if (file.size > 0 && file.size <= AT_ONCE_BYTES) return (await storeDocument(owner, file, { sha256: "", key: crypto.randomUUID() })).documentId;
  const begun = await reply(api.POST("/api/v1/uploads", { body: { ...owner, fileName: file.name, sizeBytes: String(file.size) } }));
  const path = { uploadId: begun.uploadId };
  for (let offset = 0; offset < file.size; ) {
    const upload = await reply(api.PATCH("/api/v1/uploads/{uploadId}", {
      params: { path, header: { "Upload-Offset": offset } },
      headers: { "Content-Type": "application/octet-stream" },
      body: file.slice(offset, offset + PIECE_BYTES) as unknown as string, bodySerializer: (body) => body,
    }));
    offset = Number(upload.offset);
    onPart(offset / file.size);
  }
  return (await reply(api.POST("/api/v1/uploads/{uploadId}:complete", { params: { path }, body: { sha256: "" } }))).documentId;
}
