// Working out what an import changes: rows against the tree as it is and against each other.
#include <stdlib.h>
#include <string.h>

#include "import.h"
#include "vekha/base/text.h"

static const struct message PERIOD_TWICE = {"period_twice", "Эта организация с тем же началом уже есть выше в файле.",
                                            "The same organisation with the same beginning is in the file twice."};
static const struct message PARENT_UNKNOWN = {"parent_unknown", "Вышестоящей организации нет ни в файле, ни в системе.",
                                              "The unit above is neither in the file nor in the system."};
static const struct message WRONG_PLACE = {"wrong_place", "Организация этого вида не может стоять в этом месте дерева.",
                                           "An organisation of this kind cannot stand at this place of the tree."};

static const struct message NOT_YOURS = {"outside_territory", "Эта организация не относится к вашей территории.",
                                         "This organisation is outside your territory."};

static int
compare_rows(const void *left, const void *right)
{
    const struct import_row *a = left, *b = right;
    int order = strcmp(a->path, b->path);
    if (order == 0)
        order = strcmp(a->version.valid_from, b->version.valid_from);
    if (order == 0)
        order = a->row < b->row ? -1 : 1;
    return order;
}

static int
compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **
import_paths(struct import *import, size_t *ret_count)
{
    const char **paths = arena_take(import->arena, (2 * import->row_count + 1) * sizeof(*paths));
    size_t count = 0;
    for (size_t i = 0; paths && i < import->row_count; i++) {
        paths[count++] = import->rows[i].path;
        paths[count++] = import->rows[i].parent_path;
    }
    if (!paths)
        return NULL;
    qsort(paths, count, sizeof(*paths), compare_texts);
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++)
        if (*paths[i] && (distinct == 0 || strcmp(paths[distinct - 1], paths[i]) != 0))
            paths[distinct++] = paths[i];
    *ret_count = distinct;
    return paths;
}

// Versions of one path in a list sorted by path.
struct span {
    const struct known_version *first;
    size_t count;
};

static struct span
find_known(const struct known_version *known, size_t count, const char *path)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(known[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    struct span span = {known + low, 0};
    while (low + span.count < count && strcmp(span.first[span.count].path, path) == 0)
        span.count++;
    return span;
}

// The first row of a path among the sorted rows.
static const struct import_row *
find_row(const struct import *import, const char *path)
{
    size_t low = 0, high = import->row_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(import->rows[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < import->row_count && strcmp(import->rows[low].path, path) == 0 ? &import->rows[low] : NULL;
}

static void
check_parent(struct import *import, const struct import_row *row, const struct known_version *known, size_t known_count)
{
    const char *parent_kind = "";
    if (*row->parent_path) {
        const struct import_row *in_file = find_row(import, row->parent_path);
        struct span in_tree = find_known(known, known_count, row->parent_path);
        if (in_file)
            parent_kind = in_file->version.kind;
        else if (in_tree.count > 0)
            parent_kind = in_tree.first[in_tree.count - 1].version.kind;
        else {
            import_complain(import, row->row, "parent_code", &PARENT_UNKNOWN);
            return;
        }
    }
    if (!kind_may_stand_under(row->version.kind, parent_kind))
        import_complain(import, row->row, "kind", &WRONG_PLACE);
}

static void
check_tree(struct import *import, const struct known_version *known, size_t known_count)
{
    for (size_t i = 0; i < import->row_count; i++) {
        const struct import_row *row = &import->rows[i];
        if (i > 0 && strcmp(row[-1].path, row->path) == 0 &&
            strcmp(row[-1].version.valid_from, row->version.valid_from) == 0)
            import_complain(import, row->row, "valid_from", &PERIOD_TWICE);
        // What is badly formed has been told already.
        if (!path_is_valid(row->path) || !kind_is_known(row->version.kind))
            continue;
        if (!text_in_territory(row->path, import->scope))
            import_complain(import, row->row, "code", &NOT_YOURS);
        else
            check_parent(import, row, known, known_count);
    }
}

// Whether what units below carry, the name and the zone, is new somewhere in the period.
static bool
touches_units_below(const struct organisation_version *period, const struct organisation_version *before, size_t count)
{
    if (!kind_is_territorial(period->kind))
        return false;
    const struct organisation_version *old = version_on(before, count, period->valid_from);
    if (!old || strcmp(old->short_name, period->short_name) != 0 || strcmp(old->zone, period->zone) != 0 ||
        strcmp(old->kind, period->kind) != 0)
        return true;
    return *old->valid_to && (!*period->valid_to || strcmp(old->valid_to, period->valid_to) < 0);
}

static void
add_period(struct import *import, const char *organisation_id, const char *path,
           const struct organisation_version *period, bool touches_below)
{
    import->periods[import->period_count++] =
        (struct changed_period){organisation_id, path, period->valid_from, period->valid_to, touches_below};
}

static const char *
new_id(struct arena *arena)
{
    char *id = arena_take(arena, 37);
    if (id)
        text_make_uuid(id);
    return id;
}

// Lays the rows of one organisation, which begin at rows[0], over its history.
static bool
apply_rows(struct import *import, struct import_row *rows, size_t count, struct span known)
{
    struct organisation_version *history = arena_take(import->arena, (known.count + 1) * sizeof(*history));
    const char *id = known.count ? known.first->organisation_id : new_id(import->arena);
    size_t history_count = known.count;
    bool any_changed = false;
    if (!history || !id)
        return false;
    for (size_t i = 0; i < known.count; i++)
        history[i] = known.first[i].version;
    for (size_t i = 0; i < count; i++) {
        struct organisation_version period;
        struct organisation_version *before = history;
        size_t before_count = history_count;
        bool changed;
        history =
            validity_overlay(import->arena, before, before_count, &rows[i].version, &history_count, &period, &changed);
        if (!history)
            return false;
        rows[i].outcome = known.count == 0 ? IMPORT_CREATED : changed ? IMPORT_CHANGED : IMPORT_UNCHANGED;
        if (changed)
            add_period(import, id, rows[i].path, &period, touches_units_below(&period, before, before_count));
        any_changed |= changed;
    }
    if (known.count == 0)
        import->created[import->created_count++] = (struct new_organisation){id, rows->path, ""};
    for (size_t i = 0; any_changed && i < history_count; i++)
        import->versions[import->version_count++] = (struct known_version){id, rows->path, history[i]};
    return true;
}

static int
compare_created(const void *path, const void *organisation)
{
    return strcmp(path, ((const struct new_organisation *)organisation)->path);
}

// `created` is sorted by path because the rows are.
static void
find_parent_ids(struct import *import, const struct known_version *known, size_t known_count)
{
    for (size_t i = 0; i < import->created_count; i++) {
        char parent_path[PATH_CHARS + 1];
        path_of_parent(import->created[i].path, parent_path);
        const struct new_organisation *created =
            bsearch(parent_path, import->created, import->created_count, sizeof(*import->created), compare_created);
        struct span in_tree = find_known(known, known_count, parent_path);
        if (created)
            import->created[i].parent_id = created->organisation_id;
        else if (in_tree.count > 0)
            import->created[i].parent_id = in_tree.first->organisation_id;
    }
}

bool
import_apply(struct import *import, const struct known_version *known, size_t known_count)
{
    size_t most_versions = known_count + import->row_count + 1;
    if (import->row_count > 0)
        qsort(import->rows, import->row_count, sizeof(*import->rows), compare_rows);
    check_tree(import, known, known_count);
    if (import->error_count > 0)
        return true;
    import->created = arena_take(import->arena, (import->row_count + 1) * sizeof(*import->created));
    import->versions = arena_take(import->arena, most_versions * sizeof(*import->versions));
    import->periods = arena_take(import->arena, (import->row_count + 1) * sizeof(*import->periods));
    if (!import->created || !import->versions || !import->periods)
        return false;
    for (size_t i = 0, count = 0; i < import->row_count; i += count) {
        count = 1;
        while (i + count < import->row_count && strcmp(import->rows[i + count].path, import->rows[i].path) == 0)
            count++;
        struct span span = find_known(known, known_count, import->rows[i].path);
        if (!apply_rows(import, &import->rows[i], count, span))
            return false;
    }
    find_parent_ids(import, known, known_count);
    return true;
}
