// What was uploaded for a draft of a message can be attached to it.
#include "store_messages.h"

static enum status
on_document_stored(struct call *call, const Events__DocumentStored *event)
{
    return *event->message_id ? store_attachment(call, event) : STATUS_OK;
}

EVENT_HANDLER(on_document_stored, "files", Events__DocumentStored, events__document_stored__descriptor)
