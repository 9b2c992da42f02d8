// The audit, searched by administrators; who searched it is written down too.
#include "audit.h"
#include "auth_rpc.h"
#include "store.h"

static const struct message UNKNOWN_ACT = {"unknown_act", "Такого действия нет: выберите из списка.",
                                           "There is no such act: choose from the list."};

enum status
handle_list_audit_records(struct call *call, const Auth__ListAuditRecordsRequest *request,
                          Auth__ListAuditRecordsReply *reply)
{
    if (*request->act && !audit_act_is_known(request->act))
        return fail_field(call, "act", &UNKNOWN_ACT);
    enum status status = store_list_audit(call, request, reply);
    // Not of every page: one record for a search.
    if (status == STATUS_OK && request->before_number == 0)
        status = audit(call, AUDIT_AUDIT_READ, (struct audit_object){.detail = request->login});
    return status;
}
