// The list of notifications of an account.
#include "deadlines_rpc.h"
#include "store.h"

// Leaves room for the envelope within a bus message of 1 MiB.
enum { PAGE_BYTES = 900 * 1024 };

static const struct message NO_SUCH_NOTIFICATION = {"not_found", "Такого уведомления у вас нет. Обновите список.",
                                                    "You have no such notification. Refresh the list."};

enum status
handle_list_notifications(struct call *call, const Deadlines__ListNotificationsRequest *request,
                          Deadlines__ListNotificationsReply *reply)
{
    struct db_rows rows;
    enum status status = store_list_notifications(call, request, &rows);
    if (status != STATUS_OK)
        return status;
    size_t count, bytes = 0;
    status = fill_list(call, &rows, &deadlines__notification__descriptor, &count, &reply->notifications);
    if (status != STATUS_OK)
        return status;
    for (; reply->n_notifications < count; reply->n_notifications++) {
        bytes += deadlines__notification__get_packed_size(reply->notifications[reply->n_notifications]) + 5;
        if (bytes > PAGE_BYTES)
            break;
    }
    return store_count_unread(call, &reply->unread);
}

enum status
handle_mark_read(struct call *call, const Deadlines__MarkReadRequest *request, Deadlines__MarkReadReply *reply)
{
    (void)reply;
    enum status status = store_mark_read(call, request->notification_id);
    return status == STATUS_NOT_FOUND ? fail(call, status, &NO_SUCH_NOTIFICATION) : status;
}

enum status
handle_mark_all_read(struct call *call, const Deadlines__MarkAllReadRequest *request,
                     Deadlines__MarkAllReadReply *reply)
{
    (void)reply;
    return store_mark_all_read(call, request->up_to_notification_id);
}
