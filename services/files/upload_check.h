// What is looked at before an upload becomes a document, the words of a refusal, and its safe place on the disk.
#pragma once

#include "folder.h"
#include "vekha/service/service.h"

// Why an upload never becomes a document. The code is what its row remembers.
enum refusal { REFUSAL_HASH = PDF_VERDICT_COUNT, REFUSAL_VIRUS, REFUSAL_COUNT, REFUSAL_NONE = PDF_SOUND };

// All checks, the cheap ones first; the digest is known. Not OK: they could not be made, which says nothing about the
// document. expected_sha256: hex, or empty.
MUST_CHECK enum status check_upload(struct call *call, const char *expected_sha256, const struct sealed_upload *sealed,
                                    enum refusal *ret_refusal, uint32_t *ret_pages);
MUST_CHECK enum status answer_refusal(struct call *call, enum refusal refusal);
// What a row remembers of a refusal, and the same answer again.
const char *refusal_code(enum refusal refusal);
MUST_CHECK enum status answer_remembered(struct call *call, const char *code);
// folder_keep() with words for the caller.
MUST_CHECK enum status keep_upload(struct call *call, struct sealed_upload *sealed);
