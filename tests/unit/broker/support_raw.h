// Messages to a broker frame by frame: what a client would send, and what none of ours would.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "support_processes.h"
#include "vekha/bus/header.h"

// A DEALER with this name's keys, connected to the first broker.
void *raw_open(const struct installation *installation, const char *name);
void raw_send_bytes(void *socket, const void *header, size_t header_size, const void *body, size_t body_size);
Bus__Header raw_header(Bus__Act act);
void raw_send(void *socket, const Bus__Header *header);
// The next message that is no heartbeat, within the time. False: none came.
bool raw_receive(void *socket, int timeout_ms, struct bus_header_memory *memory, Bus__Header *ret_header);
// Asks as this socket and returns the status of the answer, -1 when none comes.
int raw_ask(void *socket, const char *method, int timeout_ms);
