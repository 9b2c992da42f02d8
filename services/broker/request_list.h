// Doubly linked lists of requests by number: a request is in one list at a time.
#pragma once

#include "lanes.h"

void request_list_init(struct request_list *list);
void request_list_append(struct request *requests, struct request_list *list, uint32_t number);
void request_list_remove(struct request *requests, struct request_list *list, uint32_t number);
