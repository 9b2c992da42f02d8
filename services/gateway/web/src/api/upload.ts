// One document by itself, piece by piece, for a draft of a message or for a programme; each piece is repeated on a weak line.
import { api, reply } from "./client";

const PIECE_BYTES = 65_536;
export const MAX_BYTES = 20 * 1024 * 1024;

export async function uploadDocument(owner: { messageId: string } | { programmeCode: string }, file: File, onPart: (part: number) => void): Promise<string> {
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
