// Frame 1 of a message, as any key holder could send it; what is read must pack and read again.
#include <stdint.h>
#include <stdlib.h>

#include "vekha/bus/header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bus_header_memory memory, again;
    const Bus__Header *header = bus_header_unpack(data, size, &memory);
    if (header == NULL)
        return 0;
    Bus__Header changes = BUS__HEADER__INIT;
    zmq_msg_t frame;
    changes.caller = "broker";
    changes.ticket = 1;
    if (bus_header_amend(data, size, &changes, &frame) != STATUS_OK)
        return 0;
    header = bus_header_unpack(zmq_msg_data(&frame), zmq_msg_size(&frame), &again);
    // More fields than before may not fit; if they do, ours are the ones that count.
    if (header != NULL && header->ticket != 1)
        abort();
    zmq_msg_close(&frame);
    return 0;
}
