// Every statement of files. Rows stay valid until the reply is packed.
#pragma once

#include "events.pb-c.h"
#include "files.pb-c.h"
#include "vekha/service/service.h"

// --- uploads

// Whose the document will be: one of these, the others are empty.
struct upload_owner {
    const char *assignment_id, *message_id, *programme_code;
};
struct upload_limits {
    int64_t quota_bytes;
    int64_t open_uploads;
    int64_t lifetime_hours;
};
// One row. The columns named like the fields of Upload are NULL when a limit forbids it; then these two tell which.
enum { CREATED_USED_BYTES, CREATED_OPEN_UPLOADS, CREATED_UPLOAD_ID };
MUST_CHECK enum status store_create_upload(struct call *call, const struct upload_owner *owner, uint64_t size_bytes,
                                           const char *file_name, const struct upload_limits *limits,
                                           struct db_rows *ret_rows);
// An upload of the caller's organisation. Both document and refusal are empty until it is decided.
enum { UPLOAD_SIZE_BYTES, UPLOAD_DOCUMENT_ID, UPLOAD_REFUSAL, UPLOAD_ID };
MUST_CHECK enum status store_get_upload(struct call *call, const char *upload_id, struct db_rows *ret_rows);
// One row, upload_id; none when there is nothing to cancel.
MUST_CHECK enum status store_cancel_upload(struct call *call, const char *upload_id, struct db_rows *ret_rows);
// The upload becomes a document. No row: somebody completed it meanwhile.
MUST_CHECK enum status store_complete_upload(struct call *call, const char *upload_id, const char *sha256,
                                             uint32_t pages, struct db_rows *ret_rows);
// It will never become one; `refusal` is the code of the words said.
MUST_CHECK enum status store_refuse_upload(struct call *call, const char *upload_id, const char *refusal);

// --- documents

struct new_document {
    struct upload_owner owner;
    const char *file_name, *sha256;
    uint64_t size_bytes;
    uint32_t pages;
};
// The columns named like the fields of Document; no row when the organisation's room is used up.
MUST_CHECK enum status store_add_document(struct call *call, const struct new_document *document, int64_t quota_bytes,
                                          struct db_rows *ret_rows);
// Documents as the caller may see them: of his own organisation as a respondent, of his territory once they were sent,
// and as a curator only of the schools bound; forms of programmes by everybody.
MUST_CHECK enum status store_get_document(struct call *call, const char *document_id, struct db_rows *ret_rows);

// --- events

MUST_CHECK enum status store_let_read(struct call *call, const Events__MessageAddressed *event);
MUST_CHECK enum status store_share_documents(struct call *call, const Events__SubmissionSent *event);
MUST_CHECK enum status store_move_organisation(struct call *call, const char *organisation_id, const char *path);

// --- sweep

// A row for each upload named, in their order.
enum { SWEPT_IS_KNOWN, SWEPT_IS_DECIDED };
MUST_CHECK enum status store_look_up_uploads(struct call *call, const char *ids, struct db_rows *ret_rows);
MUST_CHECK enum status store_forget_expired_uploads(struct call *call);
// Of the hashes named: those no document has.
MUST_CHECK enum status store_find_orphans(struct call *call, const char *hashes, struct db_rows *ret_rows);
