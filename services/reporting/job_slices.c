// Takes the slices that are due by a schedule, makes those that were taken, and verifies those that somebody doubts.
#include "handlers.h"
#include "store_slices.h"

enum status
job_work_on_slices(struct call *call, bool *ret_again)
{
    static enum status (*const works[])(struct call *, int64_t *) = {store_take_scheduled_slice, store_make_slice,
                                                                     store_verify_slice};
    enum status status = STATUS_OK;
    *ret_again = false;
    for (size_t i = 0; i < sizeof works / sizeof works[0] && status == STATUS_OK && !*ret_again; i++) {
        int64_t count = 0;
        status = works[i](call, &count);
        *ret_again = count > 0;
    }
    return status;
}
