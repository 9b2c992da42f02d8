// What cairo 1.16 cannot say of a tagged PDF, said by qpdf afterwards: the language, that the title is shown, the scope
// of head cells, and which marks are artifacts.
#include <qpdf/qpdf-c.h>
#include <stdlib.h>
#include <string.h>

#include "pdf.h"

static const char ARTIFACT_MARK[] = "/NonStruct << /MCID ";
static const char HEAD_MARK[] = "/TH << /MCID ";

struct parents {
    int *ids; // of elements that have artifacts among their children
    size_t count;
};

static qpdf_oh
key_of(qpdf_data pdf, qpdf_oh object, const char *key)
{
    return qpdf_oh_get_key(pdf, object, key);
}

static bool
remember_parent(qpdf_data pdf, struct parents *parents, qpdf_oh element)
{
    int id = qpdf_oh_get_object_id(pdf, key_of(pdf, element, "/P"));
    for (size_t i = 0; i < parents->count; i++)
        if (parents->ids[i] == id)
            return true;
    int *ids = realloc(parents->ids, (parents->count + 1) * sizeof *ids);
    if (!ids)
        return false;
    parents->ids = ids;
    parents->ids[parents->count++] = id;
    return true;
}

// "/NonStruct << /MCID 7 >> BDC" -> "/Artifact BMC" and blanks, in place.
static bool
make_artifact(qpdf_data pdf, struct parents *parents, qpdf_oh elements, char *mark)
{
    static const char words[] = "/Artifact BMC";
    char *end = strstr(mark, "BDC");
    long mcid = strtol(mark + sizeof ARTIFACT_MARK - 1, NULL, 10);
    if (!end || mcid < 0 || mcid >= qpdf_oh_get_array_n_items(pdf, elements))
        return false;
    memset(mark, ' ', (size_t)(end - mark) + 3);
    memcpy(mark, words, sizeof words - 1);
    bool is_known = remember_parent(pdf, parents, qpdf_oh_get_array_item(pdf, elements, (int)mcid));
    qpdf_oh_set_array_item(pdf, elements, (int)mcid, qpdf_oh_new_null(pdf));
    return is_known;
}

static bool
give_scope(qpdf_data pdf, qpdf_oh elements, const char *mark)
{
    long mcid = strtol(mark + sizeof HEAD_MARK - 1, NULL, 10);
    if (mcid < 0 || mcid >= qpdf_oh_get_array_n_items(pdf, elements))
        return false;
    qpdf_oh element = qpdf_oh_get_array_item(pdf, elements, (int)mcid);
    qpdf_oh_replace_key(pdf, element, "/A", qpdf_oh_parse(pdf, "<< /O /Table /Scope /Column >>"));
    return true;
}

static bool
mend_content(qpdf_data pdf, struct parents *parents, qpdf_oh elements, char *content)
{
    for (char *mark = content; (mark = strstr(mark, ARTIFACT_MARK)) != NULL;)
        if (!make_artifact(pdf, parents, elements, mark))
            return false;
    for (char *mark = content; (mark = strstr(mark, HEAD_MARK)) != NULL; mark++)
        if (!give_scope(pdf, elements, mark))
            return false;
    return true;
}

// `elements`: the parent tree's entry of the page.
static bool
mend_page(qpdf_data pdf, struct parents *parents, qpdf_oh page, qpdf_oh elements)
{
    qpdf_oh stream = key_of(pdf, page, "/Contents");
    unsigned char *data = NULL;
    size_t size = 0;
    if (qpdf_oh_get_stream_data(pdf, stream, qpdf_dl_all, NULL, &data, &size) != QPDF_SUCCESS)
        return false;
    // Marks are ASCII outside of strings: cairo writes strings as hexadecimal or escaped glyph numbers.
    char *content = malloc(size + 1);
    bool is_mended = content != NULL;
    if (content) {
        memcpy(content, data, size);
        for (size_t i = 0; i < size; i++)
            content[i] = (char)(content[i] ? content[i] : ' ');
        content[size] = '\0';
        is_mended = mend_content(pdf, parents, elements, content);
        // Marks alone were changed: zero bytes elsewhere stay.
        for (size_t i = 0; i < size; i++)
            content[i] = (char)(data[i] ? content[i] : '\0');
        qpdf_oh_replace_stream_data(pdf, stream, (unsigned char *)content, size, qpdf_oh_new_null(pdf),
                                    qpdf_oh_new_null(pdf));
    }
    free(content);
    free(data);
    return is_mended;
}

static bool
is_artifact(qpdf_data pdf, qpdf_oh child)
{
    qpdf_oh role = key_of(pdf, child, "/S");
    return qpdf_oh_is_name(pdf, role) && strcmp(qpdf_oh_get_name(pdf, role), "/NonStruct") == 0;
}

// The children anew, without artifacts.
static void
drop_artifacts(qpdf_data pdf, int id)
{
    qpdf_oh parent = qpdf_get_object_by_id(pdf, id, 0);
    qpdf_oh children = key_of(pdf, parent, "/K"), kept = qpdf_oh_new_array(pdf);
    int count = qpdf_oh_get_array_n_items(pdf, children);
    for (int i = 0; i < count; i++) {
        qpdf_oh child = qpdf_oh_get_array_item(pdf, children, i);
        if (!qpdf_oh_is_dictionary(pdf, child) || !is_artifact(pdf, child))
            qpdf_oh_append_item(pdf, kept, child);
        qpdf_oh_release(pdf, child);
    }
    qpdf_oh_replace_key(pdf, parent, "/K", kept);
}

static bool
mend_pages(qpdf_data pdf, qpdf_oh root)
{
    struct parents parents = {NULL, 0};
    qpdf_oh numbers = key_of(pdf, key_of(pdf, key_of(pdf, root, "/StructTreeRoot"), "/ParentTree"), "/Nums");
    int pages = qpdf_get_num_pages(pdf), count = qpdf_oh_get_array_n_items(pdf, numbers);
    bool is_mended = pages > 0;
    for (int i = 0; i < pages && is_mended; i++) {
        qpdf_oh page = qpdf_get_page_n(pdf, (size_t)i);
        int place = 2 * qpdf_oh_get_int_value_as_int(pdf, key_of(pdf, page, "/StructParents")) + 1;
        is_mended = place < count && mend_page(pdf, &parents, page, qpdf_oh_get_array_item(pdf, numbers, place));
    }
    for (size_t i = 0; i < parents.count; i++)
        drop_artifacts(pdf, parents.ids[i]);
    free(parents.ids);
    return is_mended;
}

bool
pdf_tags_finish(const char *raw_path, const char *path, const char *language)
{
    qpdf_data pdf = qpdf_init();
    qpdf_set_suppress_warnings(pdf, QPDF_TRUE);
    bool is_made = (qpdf_read(pdf, raw_path, NULL) & QPDF_ERRORS) == 0;
    if (is_made) {
        qpdf_oh root = qpdf_get_root(pdf);
        qpdf_oh_replace_key(pdf, root, "/Lang",
                            qpdf_oh_new_string(pdf, strcmp(language, "en") == 0 ? "en-GB" : "ru-RU"));
        qpdf_oh_replace_key(pdf, root, "/ViewerPreferences", qpdf_oh_parse(pdf, "<< /DisplayDocTitle true >>"));
        is_made = mend_pages(pdf, root) && (qpdf_init_write(pdf, path) & QPDF_ERRORS) == 0;
    }
    if (is_made) {
        qpdf_set_object_stream_mode(pdf, qpdf_o_generate);
        qpdf_set_deterministic_ID(pdf, QPDF_TRUE);
        is_made = (qpdf_write(pdf) & QPDF_ERRORS) == 0 && !qpdf_has_error(pdf);
    }
    qpdf_cleanup(&pdf);
    return is_made;
}
