// A message as a document (I10).
#include <string.h>

#include "letter.h"
#include "message_answer.h"
#include "vekha/crypto/token.h"

enum { PIECE_BYTES = 512 * 1024 };

static const struct message UNKNOWN_FORMAT = {"unknown_format", "Выберите формат документа: pdf или odt.",
                                              "Choose the document's format: pdf or odt."};

enum status
handle_download_message(struct call *call, const Deadlines__DownloadMessageRequest *request,
                        Deadlines__MessagePiece *reply)
{
    Deadlines__Message seen = DEADLINES__MESSAGE__INIT;
    const char *format = *request->format ? request->format : "pdf";
    bool is_odt = strcmp(format, "odt") == 0;
    if (!is_odt && strcmp(format, "pdf") != 0)
        return fail_field(call, "format", &UNKNOWN_FORMAT);
    enum status status = answer_message(call, request->message_id, &seen);
    if (status != STATUS_OK || !seen.content)
        return status;
    const void *bytes;
    size_t size;
    status = letter_make(call, &seen, format, &bytes, &size);
    char *digest = arena_take(call->arena, 65);
    reply->file_name = letter_file_name(call, &seen, format);
    if (status != STATUS_OK || !digest || !reply->file_name)
        return status != STATUS_OK ? status : STATUS_TOO_LARGE;
    sha256_hex(bytes, size, digest);
    reply->sha256 = digest;
    reply->total_bytes = size;
    reply->content_type = is_odt ? "application/vnd.oasis.opendocument.text" : "application/pdf";
    if (request->offset < size) {
        size_t left = size - (size_t)request->offset, wanted = request->length ? request->length : left;
        size_t length = wanted < left ? wanted : left;
        reply->data = (ProtobufCBinaryData){length < PIECE_BYTES ? length : PIECE_BYTES,
                                            (uint8_t *)(uintptr_t)bytes + request->offset};
    }
    return STATUS_OK;
}
