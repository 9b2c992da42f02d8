// Looks into a PDF by libqpdf: every object, and what is drawn on its pages.
#include "pdf_look.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OBJECTS_MAX = 1000000,
    DEPTH_MAX = 60, // of objects written inside each other
    PAGES_DECODED_MAX = 500,
    KEYS_MAX = 4096,
};

enum found { FOUND_NOTHING, FOUND_ACTIVE, FOUND_DAMAGE };

static enum found look_into(qpdf_data pdf, qpdf_oh object, int depth);

static bool
is_name(qpdf_data pdf, qpdf_oh object, const char *name)
{
    return qpdf_oh_is_name(pdf, object) && strcmp(qpdf_oh_get_name(pdf, object), name) == 0;
}

static bool
is_active_entry(qpdf_data pdf, const char *key, qpdf_oh value)
{
    if (strcmp(key, "/JS") == 0 || strcmp(key, "/JavaScript") == 0)
        return true;
    return strcmp(key, "/S") == 0 && (is_name(pdf, value, "/JavaScript") || is_name(pdf, value, "/Launch"));
}

// The library has one iterator per document, so keys are taken out before their values are looked into.
static size_t
take_keys(qpdf_data pdf, qpdf_oh dictionary, char **keys)
{
    size_t count = 0;
    qpdf_oh_begin_dict_key_iter(pdf, dictionary);
    while (count < KEYS_MAX && qpdf_oh_dict_more_keys(pdf)) {
        keys[count] = strdup(qpdf_oh_dict_next_key(pdf));
        if (!keys[count])
            abort();
        count++;
    }
    return count;
}

static enum found
look_into_dictionary(qpdf_data pdf, qpdf_oh dictionary, int depth)
{
    char **keys = calloc(KEYS_MAX, sizeof *keys);
    if (!keys)
        abort();
    enum found found = FOUND_NOTHING;
    size_t count = take_keys(pdf, dictionary, keys);
    for (size_t i = 0; i < count; i++) {
        if (found == FOUND_NOTHING) {
            qpdf_oh value = qpdf_oh_get_key(pdf, dictionary, keys[i]);
            found = is_active_entry(pdf, keys[i], value) ? FOUND_ACTIVE : look_into(pdf, value, depth + 1);
            qpdf_oh_release(pdf, value);
        }
        free(keys[i]);
    }
    free(keys);
    return found;
}

// Objects that are referred to are visited by their own number; here only what is written inside this one.
static enum found
look_into(qpdf_data pdf, qpdf_oh object, int depth)
{
    if (depth > 0 && qpdf_oh_is_indirect(pdf, object))
        return FOUND_NOTHING;
    if (depth > DEPTH_MAX)
        return FOUND_DAMAGE;
    if (qpdf_oh_is_dictionary(pdf, object))
        return look_into_dictionary(pdf, object, depth);
    if (qpdf_oh_is_stream(pdf, object)) {
        qpdf_oh dictionary = qpdf_oh_get_dict(pdf, object);
        enum found found = look_into_dictionary(pdf, dictionary, depth);
        qpdf_oh_release(pdf, dictionary);
        return found;
    }
    enum found found = FOUND_NOTHING;
    int count = qpdf_oh_is_array(pdf, object) ? qpdf_oh_get_array_n_items(pdf, object) : 0;
    for (int i = 0; i < count && found == FOUND_NOTHING; i++) {
        qpdf_oh item = qpdf_oh_get_array_item(pdf, object, i);
        found = look_into(pdf, item, depth + 1);
        qpdf_oh_release(pdf, item);
    }
    return found;
}

static enum found
look_into_objects(qpdf_data pdf)
{
    qpdf_oh trailer = qpdf_get_trailer(pdf);
    qpdf_oh size = qpdf_oh_get_key(pdf, trailer, "/Size");
    long long count = qpdf_oh_is_integer(pdf, size) ? qpdf_oh_get_int_value(pdf, size) : 0;
    enum found found = look_into(pdf, trailer, 0);
    if (count <= 0 || count > OBJECTS_MAX)
        return FOUND_DAMAGE;
    for (int i = 1; i < count && found == FOUND_NOTHING; i++) {
        qpdf_oh object = qpdf_get_object_by_id(pdf, i, 0);
        found = look_into(pdf, object, 0);
        qpdf_oh_release(pdf, object);
        if (qpdf_has_error(pdf))
            return FOUND_DAMAGE;
    }
    return found;
}

// Pages must be pages and what is drawn on them must decode.
static bool
pages_are_sound(qpdf_data pdf, int pages)
{
    for (int i = 0; i < pages && i < PAGES_DECODED_MAX; i++) {
        unsigned char *content = NULL;
        size_t size = 0;
        qpdf_oh page = qpdf_get_page_n(pdf, (size_t)i);
        bool is_sound = qpdf_oh_is_dictionary(pdf, page) &&
                        !(qpdf_oh_get_page_content_data(pdf, page, &content, &size) & QPDF_ERRORS) &&
                        !qpdf_has_error(pdf);
        free(content);
        qpdf_oh_release(pdf, page);
        if (!is_sound)
            return false;
    }
    return true;
}

static const char *
word_of(qpdf_data pdf, QPDF_ERROR_CODE opened, int *ret_pages)
{
    if (opened & QPDF_ERRORS) {
        bool needs_password = qpdf_get_error_code(pdf, qpdf_get_error(pdf)) == qpdf_e_password;
        return needs_password ? "encrypted" : "damaged";
    }
    if (qpdf_is_encrypted(pdf))
        return "encrypted";
    int pages = qpdf_get_num_pages(pdf);
    if (pages <= 0)
        return pages == 0 && !qpdf_has_error(pdf) ? "empty" : "damaged";
    enum found found = look_into_objects(pdf);
    if (found == FOUND_ACTIVE)
        return "javascript";
    if (found == FOUND_DAMAGE || !pages_are_sound(pdf, pages))
        return "damaged";
    *ret_pages = pages;
    return "ok";
}

qpdf_data
pdf_look_open(void)
{
    qpdf_data pdf = qpdf_init();
    qpdf_silence_errors(pdf);
    qpdf_set_suppress_warnings(pdf, QPDF_TRUE);
    return pdf;
}

void
pdf_look_close(qpdf_data *pdf)
{
    // An error that nobody fetched would be printed by the cleanup.
    if (qpdf_has_error(*pdf))
        (void)qpdf_get_error(*pdf);
    qpdf_cleanup(pdf);
}

void
pdf_look(qpdf_data pdf, QPDF_ERROR_CODE opened, char out[PDF_ANSWER_BYTES])
{
    int pages = 0;
    const char *word = word_of(pdf, opened, &pages);
    if (pages > 0)
        (void)snprintf(out, PDF_ANSWER_BYTES, "%s %d", word, pages);
    else
        (void)snprintf(out, PDF_ANSWER_BYTES, "%s", word);
}
