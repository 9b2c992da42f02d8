// Events of events.proto become the events a method answers by fields of the same name; rpcgen has checked that they
// fit.
#include "event_ring.h"

#include <stdlib.h>
#include <string.h>

#include "json_write.h"
#include "vekha/bus/message.h"

enum { TEXT_BYTES = 64 * 1024 };

// "StatusEvent" -> "status": the name that a browser listens for.
static void
write_name(struct buffer *out, const ProtobufCMessageDescriptor *descriptor)
{
    const char *name = descriptor->short_name;
    size_t size = strlen(name);
    if (size > 5 && strcmp(name + size - 5, "Event") == 0)
        size -= 5;
    for (size_t i = 0; i < size; i++)
        buffer_add_char(out, (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] - 'A' + 'a' : name[i]));
}

void
event_write(struct buffer *out, uint64_t number, const ProtobufCMessage *event)
{
    buffer_add_format(out, "id: %llu\nevent: ", (unsigned long long)number);
    write_name(out, event->descriptor);
    buffer_add_text(out, "\ndata: ");
    json_write(out, event);
    buffer_add_text(out, "\n\n");
}

static struct ring_event *
event_at(const struct event_ring *ring, size_t index)
{
    return (struct ring_event *)(uintptr_t)&ring->events[(ring->oldest + index) % RING_EVENTS];
}

static void
drop_oldest(struct event_ring *ring)
{
    struct ring_event *event = event_at(ring, 0);
    ring->first = event->number + 1;
    free(event->path);
    *event = (struct ring_event){0};
    ring->oldest = (ring->oldest + 1) % RING_EVENTS;
    ring->count--;
}

void
event_ring_clear(struct event_ring *ring)
{
    while (ring->count > 0)
        drop_oldest(ring);
    ring->first = ring->last = 0;
}

static const char *
text_of(const ProtobufCMessage *message, const char *name)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
    return *(const char *const *)(const void *)((const char *)message + field->offset);
}

// NULL: it cannot be read, or without memory.
static ProtobufCMessage *
make_shown(const ProtobufCMessageDescriptor *shown, const ProtobufCMessage *event, uint64_t number, struct arena *arena)
{
    ProtobufCMessage *made = arena_take(arena, shown->sizeof_message);
    if (made == NULL)
        return NULL;
    protobuf_c_message_init(shown, made);
    for (unsigned i = 0; i < shown->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &shown->fields[i];
        void *place = (char *)made + field->offset;
        if (strcmp(field->name, "number") == 0)
            *(uint64_t *)place = number;
        else
            *(const char **)place = text_of(event, field->name);
    }
    return made;
}

// False: this event is lost, so the ring must not claim to have it.
static bool
keep(struct event_ring *ring, const ProtobufCMessage *event, const ProtobufCMessage *shown, uint64_t number)
{
    struct buffer text;
    buffer_init(&text, TEXT_BYTES);
    const char *path = text_of(event, "organisation_path");
    buffer_add(&text, path, strlen(path) + 1);
    event_write(&text, number, shown);
    char *kept = text.overflowed ? NULL : malloc(text.size);
    if (kept != NULL) {
        memcpy(kept, text.data, text.size);
        if (ring->count == RING_EVENTS)
            drop_oldest(ring);
        *event_at(ring, ring->count++) = (struct ring_event){number, kept, text.size - strlen(path) - 1};
    }
    buffer_done(&text);
    return kept != NULL;
}

static bool
add_event(struct event_ring *ring, const struct contract_method *method, const Bus__Event *packed, uint64_t number,
          struct arena *arena)
{
    if (strcmp(packed->type, method->shows) != 0)
        return true;
    ProtobufCAllocator allocator = message_allocator(arena);
    const ProtobufCMessageDescriptor *shown =
        protobuf_c_message_descriptor_get_field_by_name(method->reply, "events")->descriptor;
    const ProtobufCMessage *event = protobuf_c_message_unpack(contract_find_event(method->shows), &allocator,
                                                              packed->payload.len, packed->payload.data);
    const ProtobufCMessage *made = event == NULL ? NULL : make_shown(shown, event, number, arena);
    return made != NULL && keep(ring, event, made, number);
}

void
event_ring_add(struct event_ring *ring, const struct contract_method *method, const Bus__EventBatch *batch,
               struct arena *arena)
{
    if (batch->n_events == 0)
        return;
    if (ring->last == 0 || batch->first_number > ring->last + 1) {
        event_ring_clear(ring);
        ring->first = batch->first_number;
        ring->last = batch->first_number - 1;
    }
    for (size_t i = 0; i < batch->n_events; i++) {
        uint64_t number = batch->first_number + i;
        if (number <= ring->last)
            continue;
        if (!add_event(ring, method, batch->events[i], number, arena)) {
            event_ring_clear(ring);
            return;
        }
        ring->last = number;
    }
}

bool
event_ring_covers(const struct event_ring *ring, uint64_t after)
{
    return ring->last > 0 && after + 1 >= ring->first && after <= ring->last;
}

uint64_t
event_ring_write(const struct event_ring *ring, uint64_t after, const char *scope, struct buffer *out, size_t enough)
{
    size_t index = ring->count;
    while (index > 0 && event_at(ring, index - 1)->number > after)
        index--;
    for (; index < ring->count; index++) {
        const struct ring_event *event = event_at(ring, index);
        if (out->size >= enough)
            return event->number - 1;
        if (text_in_territory(event->path, scope))
            buffer_add(out, event->path + strlen(event->path) + 1, event->text_size);
    }
    return ring->last;
}
