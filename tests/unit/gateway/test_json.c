// The JSON mapping both ways: what is read, what is refused and how it is named, what is written.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "auth.pb-c.h"
#include "envelope.pb-c.h"
#include "files.pb-c.h"
#include "json_read.h"
#include "json_write.h"
#include "review.pb-c.h"
#include "submissions.pb-c.h"

// After the headers that have a function named fail.
#include <cmocka.h>

enum { ARENA_BYTES = 1024 * 1024, LIMIT_BYTES = 1024 * 1024 };

struct reading {
    struct arena arena;
    struct violations violations;
    ProtobufCMessage *message;
    enum status status;
};

static void
read_text(struct reading *reading, const ProtobufCMessageDescriptor *descriptor, const char *json, size_t size)
{
    arena_init(&reading->arena, ARENA_BYTES);
    reading->violations = (struct violations){.arena = &reading->arena, .english = true};
    reading->message = arena_take(&reading->arena, descriptor->sizeof_message);
    protobuf_c_message_init(descriptor, reading->message);
    reading->status = json_read(json, size, reading->message, &reading->violations);
}

static void
assert_violation(const ProtobufCMessageDescriptor *descriptor, const char *json, const char *field, const char *code)
{
    struct reading reading;
    read_text(&reading, descriptor, json, strlen(json));
    assert_int_equal(reading.status, STATUS_INVALID);
    assert_int_equal(reading.violations.count, 1);
    assert_string_equal(reading.violations.items[0]->field, field);
    assert_string_equal(reading.violations.items[0]->code, code);
    arena_done(&reading.arena);
}

static void
assert_malformed_bytes(const char *json, size_t size, const char *code)
{
    struct reading reading;
    read_text(&reading, &submissions__save_value_request__descriptor, json, size);
    assert_int_equal(reading.status, STATUS_MALFORMED);
    assert_string_equal(reading.violations.code, code);
    assert_non_null(reading.violations.detail);
    arena_done(&reading.arena);
}

static void
fields_are_read_by_both_names(void **state)
{
    (void)state;
    struct reading reading;
    const char *json = "{\"assignmentId\":\"a\",\"second_value\":\"2\",\"confirmPartOverWhole\":true,"
                       "\"expectedVersion\":7,\"value\":null}";
    read_text(&reading, &submissions__save_value_request__descriptor, json, strlen(json));
    assert_int_equal(reading.status, STATUS_OK);
    const Submissions__SaveValueRequest *request = (const void *)reading.message;
    assert_string_equal(request->assignment_id, "a");
    assert_string_equal(request->second_value, "2");
    assert_string_equal(request->value, "");
    assert_int_equal(request->expected_version, 7);
    assert_true(request->confirm_part_over_whole);
    arena_done(&reading.arena);
}

static void
lists_and_messages_are_read(void **state)
{
    (void)state;
    struct reading reading;
    const char *json = "{\"items\":[{\"assignmentId\":\"x\",\"version\":3},{},{\"version\":\"4\"}]}";
    read_text(&reading, &review__accept_many_request__descriptor, json, strlen(json));
    assert_int_equal(reading.status, STATUS_OK);
    const Review__AcceptManyRequest *request = (const void *)reading.message;
    assert_int_equal(request->n_items, 3);
    assert_string_equal(request->items[0]->assignment_id, "x");
    assert_int_equal(request->items[2]->version, 4);
    arena_done(&reading.arena);
}

static void
wide_integers_are_numbers_or_strings(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        uint64_t size;
    } CASES[] = {{"{\"sizeBytes\":18446744073709551615}", 0},
                 {"{\"sizeBytes\":\"18446744073709551615\"}", UINT64_MAX},
                 {"{\"sizeBytes\":9223372036854775807}", INT64_MAX},
                 {"{\"sizeBytes\":1e3}", 1000},
                 {"{\"sizeBytes\":5.0}", 5}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct reading reading;
        read_text(&reading, &files__create_upload_request__descriptor, CASES[i].json, strlen(CASES[i].json));
        // jansson's integers end at 2^63 - 1; bigger ones travel as strings, as the mapping writes them.
        assert_int_equal(reading.status, i == 0 ? STATUS_MALFORMED : STATUS_OK);
        assert_true(((const Files__CreateUploadRequest *)(const void *)reading.message)->size_bytes == CASES[i].size);
        arena_done(&reading.arena);
    }
}

static void
wrong_values_are_named(void **state)
{
    (void)state;
    const ProtobufCMessageDescriptor *save = &submissions__save_value_request__descriptor;
    assert_violation(save, "{\"value\":5}", "value", "not_string");
    assert_violation(save, "{\"value\":[\"5\"]}", "value", "not_string");
    assert_violation(save, "{\"expectedVersion\":-1}", "expectedVersion", "not_integer");
    assert_violation(save, "{\"expectedVersion\":4294967296}", "expectedVersion", "not_integer");
    assert_violation(save, "{\"expectedVersion\":1.5}", "expectedVersion", "not_integer");
    assert_violation(save, "{\"expectedVersion\":1e300}", "expectedVersion", "not_integer");
    assert_violation(save, "{\"expectedVersion\":\"7x\"}", "expectedVersion", "not_integer");
    assert_violation(save, "{\"expectedVersion\":\"\"}", "expectedVersion", "not_integer");
    assert_violation(save, "{\"confirmPartOverWhole\":\"true\"}", "confirmPartOverWhole", "not_boolean");
    assert_violation(save, "{\"role\":1}", "role", "unknown_field");
    assert_violation(save, "{\"value\":\"1\",\"value_\":\"2\"}", "value_", "unknown_field");
    assert_violation(save, "{\"secondValue\":\"1\",\"second_value\":\"2\"}", "second_value", "field_twice");
    assert_violation(&review__accept_many_request__descriptor, "{\"items\":[{\"version\":1},{\"version\":\"x\"}]}",
                     "items[1].version", "not_integer");
    assert_violation(&review__accept_many_request__descriptor, "{\"items\":[null]}", "items[0]", "null_in_list");
    assert_violation(&review__accept_many_request__descriptor, "{\"items\":{}}", "items", "not_list");
    assert_violation(&review__accept_many_request__descriptor, "{\"items\":[3]}", "items[0]", "not_object");
    assert_violation(&auth__issue_accounts_request__descriptor, "{\"role\":\"ROLE_KING\"}", "role", "unknown_value");
    assert_violation(&auth__issue_accounts_request__descriptor, "{\"role\":99}", "role", "unknown_value");
    assert_violation(&files__append_upload_request__descriptor, "{\"data\":\"a===\"}", "data", "not_base64");
}

static void
broken_text_is_malformed(void **state)
{
    (void)state;
    static const char *const CASES[] = {"",
                                        "{",
                                        "nul",
                                        "{\"value\":}",
                                        "{\"value\":\"a\",}",
                                        "{\"value\":\"a\"} x",
                                        "{'value':'a'}",
                                        "{\"value\":\"a\",\"value\":\"b\"}",
                                        "{\"value\":\"\\u0000\"}",
                                        "{\"value\":\"\\ud800\"}",
                                        "{\"value\":\"\xff\"}",
                                        "{\"value\":\"\xc0\x80\"}",
                                        "{\"value\":01}",
                                        "{\"value\":1e309}",
                                        "{\"value\":NaN}",
                                        "{\"value\":99999999999999999999}"};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_malformed_bytes(CASES[i], strlen(CASES[i]), "malformed_json");
    assert_malformed_bytes("{\"value\":\"a\0b\"}", 15, "malformed_json");
}

static void
depth_and_count_are_bounded(void **state)
{
    (void)state;
    char deep[2 * JSON_MAX_DEPTH + 3];
    memset(deep, '[', JSON_MAX_DEPTH + 1);
    memset(deep + JSON_MAX_DEPTH + 1, ']', JSON_MAX_DEPTH + 1);
    assert_malformed_bytes(deep, 2 * (JSON_MAX_DEPTH + 1), "too_deep");

    static char many[2 * JSON_MAX_VALUES + 64];
    size_t size = (size_t)snprintf(many, sizeof many, "{\"value\":[1");
    for (size_t i = 0; i < JSON_MAX_VALUES; i++) {
        many[size++] = ',';
        many[size++] = '1';
    }
    struct reading reading;
    read_text(&reading, &submissions__save_value_request__descriptor, many, size);
    assert_int_equal(reading.status, STATUS_TOO_LARGE);
    arena_done(&reading.arena);
}

static void
a_body_that_is_no_object_is_refused(void **state)
{
    (void)state;
    struct reading reading;
    read_text(&reading, &submissions__save_value_request__descriptor, "[1]", 3);
    assert_int_equal(reading.status, STATUS_INVALID);
    assert_string_equal(reading.violations.code, "not_object");
    arena_done(&reading.arena);
}

static void
violations_have_an_end(void **state)
{
    (void)state;
    char json[2048] = "{\"a0\":1";
    for (int i = 1; i < 40; i++) {
        size_t size = strlen(json);
        snprintf(json + size, sizeof json - size, ",\"a%d\":1", i);
    }
    snprintf(json + strlen(json), sizeof json - strlen(json), "}");
    struct reading reading;
    read_text(&reading, &submissions__save_value_request__descriptor, json, strlen(json));
    assert_int_equal(reading.violations.count, MAX_VIOLATIONS);
    arena_done(&reading.arena);
}

static void
assert_written(const ProtobufCMessage *message, const char *json)
{
    struct buffer out;
    buffer_init(&out, LIMIT_BYTES);
    json_write(&out, message);
    assert_string_equal(out.data, json);
    buffer_done(&out);
}

static void
everything_is_written_by_its_rule(void **state)
{
    (void)state;
    Files__Upload upload = FILES__UPLOAD__INIT;
    upload.file_name = "Отчёт \"1\"\n\x01.pdf";
    upload.size_bytes = UINT64_MAX;
    assert_written(&upload.base,
                   "{\"uploadId\":\"\",\"assignmentId\":\"\",\"fileName\":\"Отчёт \\\"1\\\"\\n\\u0001.pdf\","
                   "\"sizeBytes\":\"18446744073709551615\",\"offset\":\"0\",\"expiresAt\":\"\",\"messageId\":\"\","
                   "\"programmeCode\":\"\"}");
    Auth__SessionReply reply = AUTH__SESSION_REPLY__INIT;
    assert_written(&reply.base, "{\"accessToken\":\"\",\"accessExpiresAt\":\"\",\"refreshToken\":\"\","
                                "\"refreshExpiresAt\":\"\"}");
    Auth__RevokedSession session = AUTH__REVOKED_SESSION__INIT;
    session.expires_at_ms = INT64_MIN;
    assert_written(&session.base, "{\"sessionId\":\"\",\"expiresAtMs\":\"-9223372036854775808\"}");
    Files__DocumentPiece piece = FILES__DOCUMENT_PIECE__INIT;
    piece.data.data = (uint8_t *)"\xff\xef";
    piece.data.len = 2;
    piece.content_type = "a\xff"
                         "b";
    assert_written(&piece.base, "{\"data\":\"/+8=\",\"totalBytes\":\"0\",\"contentType\":\"a\xEF\xBF\xBD"
                                "b\",\"fileName\":\"\",\"sha256\":\"\"}");
    Vekha__Role unknown = 77;
    Bus__Principal principal = BUS__PRINCIPAL__INIT;
    principal.role = unknown;
    struct buffer out;
    buffer_init(&out, LIMIT_BYTES);
    json_write(&out, &principal.base);
    assert_non_null(strstr(out.data, "\"role\":77"));
    buffer_done(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_read_by_both_names),
        cmocka_unit_test(lists_and_messages_are_read),
        cmocka_unit_test(wide_integers_are_numbers_or_strings),
        cmocka_unit_test(wrong_values_are_named),
        cmocka_unit_test(broken_text_is_malformed),
        cmocka_unit_test(depth_and_count_are_bounded),
        cmocka_unit_test(a_body_that_is_no_object_is_refused),
        cmocka_unit_test(violations_have_an_end),
        cmocka_unit_test(everything_is_written_by_its_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
