// A document was uploaded for an assignment: it joins the draft, unless the draft is locked or another's. Or it is a
// form that a programme may name.
#include "handlers.h"
#include "refuse.h"

enum { DOCUMENTS_MAX = 20 };

static enum status
tell(struct call *call, const Events__DocumentStored *document, const struct situation *before, enum state after)
{
    bool is_first = before->state == STATE_EMPTY || before->state == STATE_REJECTED;
    bool was_ready = before->state == STATE_READY;
    if (!is_first && was_ready == (after == STATE_READY))
        return STATUS_OK;
    Events__DraftSaved event = EVENTS__DRAFT_SAVED__INIT;
    event.assignment_id = document->assignment_id;
    event.version = before->version;
    event.ready = after == STATE_READY;
    event.first = is_first;
    event.at = document->at;
    return emit(call, &event.base);
}

static enum status
on_document_stored(struct call *call, const Events__DocumentStored *event)
{
    bool is_new = false;
    if (*event->programme_code)
        return store_put_form_document(call, event);
    if (!*event->assignment_id)
        return STATUS_OK; // attached to a message
    enum status status = store_put_document(call, event, &is_new);
    if (status != STATUS_OK || !is_new)
        return status;
    struct db_rows rows;
    status = store_find_situation(call, event->assignment_id, event->organisation_id, true, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    struct situation now = situation_of(&rows, 0);
    if (!rules_may(ACT_ATTACH, now.state) || !now.round_open || now.needs_plan ||
        now.evidence.documents >= DOCUMENTS_MAX)
        return STATUS_OK;
    struct evidence after = now.evidence;
    after.documents++;
    enum state next = rules_draft_state(&after);
    bool done = false;
    status = store_set_attached(call, event->assignment_id, event->document_id, true, next, &done);
    return status == STATUS_OK && done ? tell(call, event, &now, next) : status;
}

EVENT_HANDLER(on_document_stored, "files", Events__DocumentStored, events__document_stored__descriptor)
