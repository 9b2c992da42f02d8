// The table of keys in memory, in the order of the keys.
#include "feed_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_feed.h"
#include "vekha/base/time.h"

enum { WRITE_DOWN_MS = 60 * 1000, WRITE_DOWN_AT_ONCE = 1000 };

static int
compare(const void *a, const void *b)
{
    return strcmp(((const struct feed_key *)a)->public_key, ((const struct feed_key *)b)->public_key);
}

struct feed_key *
feed_keys_find(const struct feed_keys *keys, const char *public_key)
{
    if (public_key == NULL || strlen(public_key) != CURVE_KEY_CHARS || keys->count == 0)
        return NULL;
    struct feed_key wanted = {0};
    memcpy(wanted.public_key, public_key, CURVE_KEY_CHARS);
    return bsearch(&wanted, keys->table, keys->count, sizeof wanted, compare);
}

static void
read_key(struct feed_key *key, const struct db_rows *rows, int row)
{
    snprintf(key->public_key, sizeof key->public_key, "%s", db_text_at(rows, row, FEED_KEY_PUBLIC));
    snprintf(key->id, sizeof key->id, "%s", db_text_at(rows, row, FEED_KEY_ID));
    snprintf(key->territory, sizeof key->territory, "%s", db_text_at(rows, row, FEED_KEY_TERRITORY));
    key->written_down_ms = -WRITE_DOWN_MS;
}

enum status
feed_keys_load(struct feed_keys *keys, struct call *call)
{
    struct db_rows rows;
    enum status status = store_feed_keys_that_hold(call, FEED_KEYS_MAX, &rows);
    if (status != STATUS_OK)
        return status;
    struct feed_key *table = calloc((size_t)rows.count + 1, sizeof *table);
    if (table == NULL)
        return STATUS_BUSY;
    for (int row = 0; row < rows.count; row++) {
        read_key(&table[row], &rows, row);
        const struct feed_key *known = feed_keys_find(keys, table[row].public_key);
        if (known != NULL) {
            table[row].waiting = known->waiting;
            table[row].is_seen = known->is_seen;
            table[row].written_down_ms = known->written_down_ms;
        }
    }
    qsort(table, (size_t)rows.count, sizeof *table, compare);
    free(keys->table);
    *keys = (struct feed_keys){table, (size_t)rows.count, true};
    return STATUS_OK;
}

void
feed_keys_free(struct feed_keys *keys)
{
    free(keys->table);
    *keys = (struct feed_keys){0};
}

void
feed_keys_see(struct feed_key *key)
{
    if (clock_monotonic_ms() - key->written_down_ms >= WRITE_DOWN_MS)
        key->is_seen = true;
}

enum status
feed_keys_write_down(struct feed_keys *keys, struct call *call)
{
    char *ids[WRITE_DOWN_AT_ONCE];
    size_t count = 0;
    for (size_t i = 0; i < keys->count && count < WRITE_DOWN_AT_ONCE; i++) {
        struct feed_key *key = &keys->table[i];
        if (!key->is_seen)
            continue;
        key->is_seen = false;
        key->written_down_ms = clock_monotonic_ms();
        ids[count++] = key->id;
    }
    return count > 0 ? store_feed_keys_seen(call, ids, count) : STATUS_OK;
}
