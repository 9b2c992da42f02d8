// What a document may be called, where a piece may be written, what a PDF looks like from outside: pure decisions.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FILE_NAME_MAX_CHARS = 200,
    FILE_NAME_BYTES = FILE_NAME_MAX_CHARS * 4 + 1,
    PIECE_MAX_BYTES = 64 * 1024,
    DOCUMENT_AT_ONCE_MAX_BYTES = 120 * 1024,
    DOWNLOAD_PIECE_MAX_BYTES = 256 * 1024,
    PDF_HEAD_BYTES = 5,
    PDF_TAIL_BYTES = 1024, // readers look for %%EOF in so many last bytes
    SHA256_CHARS = 64,
};

// A name that is safe to show, to put into Content-Disposition and to save on any system: the last component of a
// path, without control, bidirectional and other invisible characters, ending in ".pdf". Never empty.
void file_name_clean(const char *name, char out[FILE_NAME_BYTES]);

enum piece {
    PIECE_FITS,     // write it, also over bytes that are there already: a piece sent twice is harmless
    PIECE_GAP,      // begins behind what has arrived
    PIECE_TOO_LONG, // goes beyond the size announced
    PIECE_TOO_LARGE,
};
// arrived: bytes in the file; announced: the size named when the upload began.
enum piece piece_judge(uint64_t offset, uint64_t length, uint64_t arrived, uint64_t announced);

// How many bytes a download piece may have: 0 asked means as many as allowed; 0 at and behind the end.
uint32_t download_length(uint64_t offset, uint32_t asked, uint64_t total);

// `%PDF-` at the first byte. Readers forgive other bytes before it, and so would open a page of HTML as a PDF.
bool pdf_has_header(const void *head, size_t size);
// `%%EOF` near the end: what is cut off has none.
bool pdf_has_end(const void *tail, size_t size);

bool sha256_is_hex(const char *text);

// What a check found; the words are those of the helper's protocol.
enum pdf_verdict {
    PDF_SOUND,
    PDF_DAMAGED,
    PDF_ENCRYPTED,
    PDF_EMPTY,
    PDF_ACTIVE, // runs scripts or programs when it is opened
    PDF_NOT_A_PDF,
    PDF_VERDICT_COUNT
};
// A line of the helper: "ok PAGES", "damaged", "encrypted", "empty", "javascript". False when it is none of them.
bool pdf_answer_parse(const char *line, enum pdf_verdict *ret_verdict, uint32_t *ret_pages);
