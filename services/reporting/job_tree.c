// Units whose next version begins today change their names in reports without anybody doing anything.
#include "handlers.h"
#include "store.h"
#include "vekha/base/log.h"

enum status
job_advance_tree(struct call *call, bool *ret_again)
{
    int64_t count;
    *ret_again = false;
    enum status status = store_advance_tree(call, &count);
    if (status == STATUS_OK && count > 0)
        log_write(LOG_INFO, "organisations changed with the day", NULL);
    return status;
}
