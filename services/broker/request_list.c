// Doubly linked lists of requests by number.
#include "request_list.h"

void
request_list_init(struct request_list *list)
{
    *list = (struct request_list){NOTHING, NOTHING, 0};
}

void
request_list_append(struct request *requests, struct request_list *list, uint32_t number)
{
    requests[number].previous = list->last;
    requests[number].next = NOTHING;
    if (list->last != NOTHING)
        requests[list->last].next = number;
    else
        list->first = number;
    list->last = number;
    list->count++;
}

void
request_list_remove(struct request *requests, struct request_list *list, uint32_t number)
{
    struct request *request = &requests[number];
    if (request->previous != NOTHING)
        requests[request->previous].next = request->next;
    else
        list->first = request->next;
    if (request->next != NOTHING)
        requests[request->next].previous = request->previous;
    else
        list->last = request->previous;
    list->count--;
}
