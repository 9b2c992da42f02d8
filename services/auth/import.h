// The import of organisations as pure steps: rows of text -> checked rows -> new histories. No I/O.
#pragma once

#include "csv.h"
#include "rules.h"
#include "store.h"
#include "validity.h"
#include "vekha/service/service.h"

enum { IMPORT_MAX_ERRORS = 1000 };

struct import_error {
    unsigned row;
    const char *column;
    const struct message *message;
};

struct import_row {
    unsigned row;
    const char *path;
    char parent_path[PATH_CHARS + 1];
    struct organisation_version version;
    enum { IMPORT_UNCHANGED, IMPORT_CREATED, IMPORT_CHANGED } outcome;
};

struct import {
    struct arena *arena;
    const char *today;
    const char *scope;       // the caller's territory
    struct import_row *rows; // sorted by path and valid_from after import_apply()
    size_t row_count;
    struct import_error *errors;
    size_t error_count;

    // What has to be written, filled by import_apply().
    struct new_organisation *created;
    size_t created_count;
    struct known_version *versions; // whole histories of what is new or changed
    size_t version_count;
    struct changed_period *periods;
    size_t period_count;
};

// Adds an error; the first IMPORT_MAX_ERRORS are kept.
void import_complain(struct import *import, unsigned row, const char *column, const struct message *message);

// Reads and checks each row by itself. False without memory.
bool import_read(struct import *import, const char *csv, size_t size);
// Zones that occur in the rows, each once. NULL without memory.
const char **import_zones(struct import *import, size_t *ret_count);
// unknown: as store_find_unknown_zones() answers.
void import_check_zones(struct import *import, const char *unknown);
// Paths whose histories are needed: the rows' and their parents'. NULL without memory.
const char **import_paths(struct import *import, size_t *ret_count);
// Checks the rows against the tree and each other, and works out the new histories. `known` is sorted by path and
// valid_from. False without memory.
bool import_apply(struct import *import, const struct known_version *known, size_t known_count);
