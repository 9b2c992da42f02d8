// Readings of contacts that are so old that the next one is told of anyway.
#include "handlers.h"
#include "store.h"

enum status
job_forget_readings(struct call *call, bool *ret_again)
{
    *ret_again = false;
    return store_forget_readings(call);
}
