// A binary heap of timers.
#include "timers.h"

#include <stdlib.h>

void
timers_done(struct timers *timers)
{
    free(timers->heap);
    *timers = (struct timers){0};
}

static void
put(struct timers *timers, struct timer *timer, size_t position)
{
    timers->heap[position] = timer;
    timer->position = position;
}

static void
move_up(struct timers *timers, struct timer *timer, size_t position)
{
    while (position > 1 && timers->heap[position / 2]->due_ms > timer->due_ms) {
        put(timers, timers->heap[position / 2], position);
        position /= 2;
    }
    put(timers, timer, position);
}

static void
move_down(struct timers *timers, struct timer *timer, size_t position)
{
    while (2 * position <= timers->count) {
        size_t child = 2 * position;
        if (child < timers->count && timers->heap[child + 1]->due_ms < timers->heap[child]->due_ms)
            child++;
        if (timers->heap[child]->due_ms >= timer->due_ms)
            break;
        put(timers, timers->heap[child], position);
        position = child;
    }
    put(timers, timer, position);
}

bool
timer_set(struct timers *timers, struct timer *timer, int64_t due_ms)
{
    if (timer->position == 0) {
        if (timers->count + 2 > timers->capacity) {
            size_t capacity = timers->capacity == 0 ? 64 : 2 * timers->capacity;
            struct timer **heap = realloc(timers->heap, capacity * sizeof *heap);
            if (heap == NULL)
                return false;
            timers->heap = heap;
            timers->capacity = capacity;
        }
        timer->due_ms = due_ms;
        move_up(timers, timer, ++timers->count);
        return true;
    }
    bool is_sooner = due_ms < timer->due_ms;
    timer->due_ms = due_ms;
    if (is_sooner)
        move_up(timers, timer, timer->position);
    else
        move_down(timers, timer, timer->position);
    return true;
}

void
timer_cancel(struct timers *timers, struct timer *timer)
{
    size_t position = timer->position;
    if (position == 0)
        return;
    struct timer *last = timers->heap[timers->count--];
    timer->position = 0;
    if (last == timer)
        return;
    if (position > 1 && timers->heap[position / 2]->due_ms > last->due_ms)
        move_up(timers, last, position);
    else
        move_down(timers, last, position);
}

void
timers_run(struct timers *timers, int64_t now_ms)
{
    while (timers->count > 0 && timers->heap[1]->due_ms <= now_ms) {
        struct timer *timer = timers->heap[1];
        timer_cancel(timers, timer);
        timer->fire(timer);
    }
}

int64_t
timers_wait_ms(const struct timers *timers, int64_t now_ms, int64_t longest_ms)
{
    if (timers->count == 0)
        return longest_ms;
    int64_t wait_ms = timers->heap[1]->due_ms - now_ms;
    if (wait_ms < 0)
        return 0;
    return wait_ms < longest_ms ? wait_ms : longest_ms;
}
