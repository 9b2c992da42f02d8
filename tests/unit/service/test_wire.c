// The packed-bytes check: whatever protobuf-c would not survive is refused, whatever we pack ourselves passes.
#include <string.h>

#include "../../../common/service/runtime.h"
#include "auth.pb-c.h"
#include "submissions.pb-c.h"

// cmocka defines a macro `fail`: it comes after our headers.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
what_we_pack_passes(void **state)
{
    (void)state;
    Auth__LoginRequest request = AUTH__LOGIN_REQUEST__INIT;
    request.login = "школа-74";
    request.password = "тайна";
    uint8_t packed[128];
    size_t size = auth__login_request__pack(&request, packed);
    assert_true(wire_is_acceptable(&auth__login_request__descriptor, packed, size));
    assert_true(wire_is_acceptable(&auth__login_request__descriptor, packed, 0));
    assert_true(wire_is_acceptable(&auth__login_request__descriptor, NULL, 0));
}

static void
bad_bytes_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        const char *bytes;
        size_t size;
    } cases[] = {
        {"overlong UTF-8", "\x0a\x02\xc0\xaf", 4},
        {"lone surrogate", "\x0a\x03\xed\xa0\x80", 5},
        {"NUL inside text",
         "\x0a\x03"
         "a\0b",
         5},
        {"length beyond the end",
         "\x0a\x7f"
         "a",
         3},
        {"unknown field 9",
         "\x4a\x01"
         "a",
         3},
        {"endless varint", "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12},
        {"group", "\x0b", 1},
        {"truncated fixed64", "\x09\x01\x02", 3},
        {"tag without value", "\x0a", 1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (wire_is_acceptable(&auth__login_request__descriptor, (const uint8_t *)cases[i].bytes, cases[i].size))
            fail_msg("accepted: %s", cases[i].what);
}

static void
a_flood_of_elements_is_refused(void **state)
{
    (void)state;
    // "12 00" is an empty element of items: a few bytes each on the wire, hundreds in memory.
    static uint8_t flood[200000];
    for (size_t i = 0; i < sizeof(flood); i += 2) {
        flood[i] = 0x32;
        flood[i + 1] = 0;
    }
    assert_false(wire_is_acceptable(&submissions__create_round_request__descriptor, flood, sizeof(flood)));
    assert_true(wire_is_acceptable(&submissions__create_round_request__descriptor, flood, 200));
}

// A message that contains itself: rpcgen lets none into our contract, and protobuf-c unpacks each level on the stack.
static const ProtobufCMessageDescriptor nest;
static const ProtobufCFieldDescriptor nest_fields[] = {
    {.name = "inner", .id = 1, .label = PROTOBUF_C_LABEL_NONE, .type = PROTOBUF_C_TYPE_MESSAGE, .descriptor = &nest}};
static const ProtobufCIntRange nest_ranges[] = {{1, 0}, {0, 1}};
static const ProtobufCMessageDescriptor nest = {.magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC,
                                                .name = "Nest",
                                                .n_fields = 1,
                                                .fields = nest_fields,
                                                .n_field_ranges = 1,
                                                .field_ranges = nest_ranges};

static bool
is_nest_acceptable(unsigned depth)
{
    static uint8_t bytes[128];
    size_t used = 0;
    assert_true(2 * depth <= sizeof bytes);
    for (unsigned level = depth; level > 0; level--) {
        bytes[used++] = 0x0a;
        bytes[used++] = (uint8_t)(2 * (level - 1));
    }
    return wire_is_acceptable(&nest, bytes, used);
}

static void
depth_is_bounded(void **state)
{
    (void)state;
    assert_true(is_nest_acceptable(1));
    assert_true(is_nest_acceptable(7));
    assert_false(is_nest_acceptable(8));
    assert_false(is_nest_acceptable(60));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_we_pack_passes),
        cmocka_unit_test(bad_bytes_are_refused),
        cmocka_unit_test(a_flood_of_elements_is_refused),
        cmocka_unit_test(depth_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
