// Flat tables for BI tools: everything once, then what has changed.
#include "answer.h"
#include "store_bi.h"
#include "vekha/base/text.h"

enum { BI_ROWS_MAX = 1000 };

static const struct message NOT_A_CURSOR = {
    "unknown_cursor", "Такого продолжения у этой таблицы нет: возьмите его из поля next предыдущей страницы.",
    "This table has no such continuation: take it from the field next of the page before."};
static const struct message NUMBER_AHEAD = {
    "number_ahead", "До этого номера данные ещё не дошли: загрузите таблицу целиком, без changedSince.",
    "The data has not come to this number yet: load the whole table, without changedSince."};

struct bi_rows {
    size_t count;
    ProtobufCMessage **rows;
    const char *next;
    uint64_t up_to;
};

static bool
suits(const struct bi_table *table, const struct bi_cursor *cursor)
{
    if (cursor->key_count > 1 && !table->whole)
        return false;
    for (unsigned i = 0; i < cursor->key_count; i++)
        if (text_is_uuid(cursor->keys[i]) == table->has_number_keys)
            return false;
    return true;
}

static const char *
first_key(const struct bi_table *table)
{
    return table->has_number_keys ? "0" : "00000000-0000-0000-0000-000000000000";
}

static enum status
find_place(struct call *call, const Reporting__BiRowsRequest *request, struct bi_page *page)
{
    struct bi_cursor *cursor = &page->cursor;
    const char *first = first_key(page->table);
    if (request->changed_since > (uint64_t)page->known)
        return fail_field(call, "changedSince", &NUMBER_AHEAD);
    if (*request->after) {
        bool is_cursor = bi_cursor_parse(call->arena, request->after, cursor) && suits(page->table, cursor);
        return is_cursor ? STATUS_OK : fail_field(call, "after", &NOT_A_CURSOR);
    }
    if (request->changed_since == 0 && page->table->whole)
        *cursor = (struct bi_cursor){page->known, 0, {first, first, first}, BI_KEYS_MAX};
    else
        *cursor =
            (struct bi_cursor){page->known, (int64_t)request->changed_since + (request->changed_since > 0), {first}, 1};
    return STATUS_OK;
}

// What is known is asked before the rows are read, so that nothing falls between the two.
static enum status
begin(struct call *call, const Reporting__BiRowsRequest *request, struct bi_page *page)
{
    page->limit = request->limit ? request->limit : BI_ROWS_MAX;
    enum status status = store_get_bi_known(call, page->table, &page->known);
    if (status == STATUS_OK)
        status = find_place(call, request, page);
    int64_t stride = page->table->stride, up_to = page->cursor.up_to;
    page->end = stride > 0 ? up_to : INT64_MAX;
    page->last_change = stride > 0 && up_to - page->cursor.change > stride ? page->cursor.change + stride : page->end;
    return status;
}

static const char *
behind(struct call *call, const struct bi_page *page, const struct db_rows *rows, int row)
{
    struct bi_cursor cursor = page->cursor;
    cursor.change = db_integer_at(rows, row, BI_FOUND_BY);
    for (unsigned i = 0; i < cursor.key_count; i++)
        cursor.keys[i] = db_text_at(rows, row, (int)(BI_KEYS + i));
    return bi_cursor_format(call->arena, &cursor);
}

// Where the next page begins, when `taken` of the rows found are in this one or passed over.
static enum status
end_page(struct call *call, const struct bi_page *page, const struct db_rows *rows, int taken, struct bi_rows *reply)
{
    if (taken < rows->count && taken == 0)
        return STATUS_TOO_LARGE;
    if (taken < rows->count || rows->count == (int)page->limit) {
        reply->next = behind(call, page, rows, taken - 1);
    } else if (!bi_is_walk(&page->cursor) && page->last_change < page->end) {
        const struct bi_cursor on = {page->cursor.up_to, page->last_change + 1, {first_key(page->table)}, 1};
        reply->next = bi_cursor_format(call->arena, &on);
    } else {
        reply->up_to = (uint64_t)(page->table->stride > 0 ? page->cursor.up_to : page->known);
    }
    return reply->next ? STATUS_OK : STATUS_TOO_LARGE;
}

static enum status
read_page(struct call *call, const Reporting__BiRowsRequest *request, const struct bi_table *table,
          struct bi_rows *reply)
{
    struct bi_page page = {.table = table};
    struct db_rows rows;
    size_t count;
    *reply = (struct bi_rows){.next = ""};
    enum status status = begin(call, request, &page);
    if (status == STATUS_OK)
        status = store_list_bi_rows(call, &page, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, table->row, &count, &reply->rows);
    if (status != STATUS_OK)
        return status;
    struct page bytes = page_of(page.limit);
    int taken = 0;
    for (; taken < rows.count; taken++) {
        if (!db_boolean_at(&rows, taken, BI_IS_SHOWN))
            continue;
        if (!page_takes_row(&bytes, reply->rows[taken]))
            break;
        reply->rows[reply->count++] = reply->rows[taken];
    }
    return end_page(call, &page, &rows, taken, reply);
}

#define BI_HANDLER(name, type)                                                                                         \
    enum status handle_list_bi_##name(struct call *call, const Reporting__BiRowsRequest *request,                      \
                                      Reporting__Bi##type *reply)                                                      \
    {                                                                                                                  \
        struct bi_rows page;                                                                                           \
        enum status status = read_page(call, request, &bi_##name, &page);                                              \
        reply->n_rows = page.count;                                                                                    \
        reply->rows = (void *)page.rows;                                                                               \
        reply->next = page.next;                                                                                       \
        reply->up_to = page.up_to;                                                                                     \
        return status;                                                                                                 \
    }

BI_HANDLER(organisations, Organisations)
BI_HANDLER(programmes, Programmes)
BI_HANDLER(items, Items)
BI_HANDLER(rounds, Rounds)
BI_HANDLER(assignments, Assignments)
BI_HANDLER(plans, Plans)
BI_HANDLER(changes, Changes)
