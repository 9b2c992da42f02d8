// Files of organisations from anybody's spreadsheet: read, checked, laid over a small tree.
#include "import.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 16 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_plan(const struct import *import)
{
    size_t told = 0;
    for (size_t i = 0; i < import->row_count; i++)
        told += import->rows[i].outcome != IMPORT_UNCHANGED;
    if (import->created_count > told || import->period_count > told)
        abort();
    // Histories are sorted and do not overlap.
    for (size_t i = 1; i < import->version_count; i++) {
        const struct known_version *before = &import->versions[i - 1], *version = &import->versions[i];
        if (before->organisation_id == version->organisation_id &&
            (!*before->version.valid_to || strcmp(before->version.valid_to, version->version.valid_from) > 0))
            abort();
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct known_version KNOWN[] = {
        {"root", "*", {"1991-12-25", "", "federation", "R", "", "", "", "", "Europe/Moscow"}},
        {"region", "7", {"2019-01-01", "2021-01-01", "region", "A", "", "", "", "", ""}},
        {"region", "7", {"2022-01-01", "", "region", "B", "", "", "", "", ""}},
    };
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    struct import import = {.arena = &arena, .today = "2020-09-10", .scope = "*"};
    size_t count;
    char *text = arena_copy_bytes(&arena, data, size);
    if (text && import_read(&import, text, size) && import_zones(&import, &count) && import_paths(&import, &count) &&
        import_apply(&import, KNOWN, sizeof(KNOWN) / sizeof(KNOWN[0])) && import.error_count == 0)
        check_plan(&import);
    arena_done(&arena);
    return 0;
}
