// Forms that other bodies issue for the evidence of items, and the documents uploaded as such (S3.17).
#include "store.h"
#include "store_file.h"

const char *
store_form_cells(struct arena *arena, const Submissions__Form *form)
{
    if (!form)
        return "{}";
    const char *const cells[] = {form->title, form->owner,   form->organisation_code,
                                 form->basis, form->address, form->document_id};
    return text_list(arena, cells, sizeof(cells) / sizeof(cells[0]));
}

enum status
store_put_form_document(struct call *call, const Events__DocumentStored *event)
{
    return db_run(call->db,
                  "INSERT INTO form_document (document_id, programme_code, file_name, size_bytes, pages, stored_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6::timestamptz) ON CONFLICT (document_id) DO NOTHING",
                  DB_PARAMS(db_text(event->document_id), db_text(event->programme_code), db_string(event->file_name),
                            db_integer((int64_t)event->size_bytes), db_integer(event->pages), db_text(event->at)));
}

enum status
store_find_missing_form(struct call *call, const Submissions__LoadProgrammeRequest *file, const char **ret_document_id)
{
    static const char SQL[] =
        "SELECT w.document_id FROM unnest($2::uuid[]) WITH ORDINALITY AS w (document_id, place)"
        " WHERE NOT EXISTS (SELECT FROM form_document d WHERE d.document_id = w.document_id AND d.programme_code = $1)"
        " ORDER BY w.place LIMIT 1";
    size_t count = 0;
    for (size_t i = 0; i < file->n_sections; i++)
        count += file->sections[i]->n_items;
    const char **named = arena_take(call->arena, (count + 1) * sizeof(const char *));
    if (!named)
        return STATUS_TOO_LARGE;
    count = 0;
    for (size_t i = 0; i < file->n_sections; i++) {
        for (size_t j = 0; j < file->sections[i]->n_items; j++) {
            const Submissions__Form *form = file->sections[i]->items[j]->form;
            if (form && *form->document_id)
                named[count++] = form->document_id;
        }
    }
    *ret_document_id = "";
    if (count == 0)
        return STATUS_OK;
    const char *list = text_list(call->arena, named, count);
    struct db_rows rows;
    enum status status =
        list ? db_query(call->db, &rows, SQL, DB_PARAMS(db_text(file->code), db_text(list))) : STATUS_TOO_LARGE;
    if (status == STATUS_OK && rows.count > 0)
        *ret_document_id = db_text_at(&rows, 0, 0);
    return status;
}
