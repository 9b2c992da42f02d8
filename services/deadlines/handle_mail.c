// State of outgoing mail.
#include "deadlines_rpc.h"
#include "store.h"

enum status
handle_get_mail_status(struct call *call, const Deadlines__GetMailStatusRequest *request, Deadlines__MailStatus *reply)
{
    (void)request;
    struct db_rows rows;
    enum status status = store_mail_status(call, &rows);
    if (status == STATUS_OK)
        fill_message(&reply->base, &rows, 0, call->arena);
    return status;
}
