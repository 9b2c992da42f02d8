// attachment; filename="Otchet.pdf"; filename*=UTF-8''%D0%9E...
#include "disposition.h"

#include <string.h>

enum { MAX_NAME_CHARS = 150 };

// U+0410 .. U+044F, then Ё and ё apart.
static const char *const LATIN[] = {"A", "B",  "V",  "G",  "D",  "E",    "Zh", "Z", "I",  "Y",  "K",  "L",  "M",
                                    "N", "O",  "P",  "R",  "S",  "T",    "U",  "F", "Kh", "Ts", "Ch", "Sh", "Shch",
                                    "",  "Y",  "",   "E",  "Yu", "Ya",   "a",  "b", "v",  "g",  "d",  "e",  "zh",
                                    "z", "i",  "y",  "k",  "l",  "m",    "n",  "o", "p",  "r",  "s",  "t",  "u",
                                    "f", "kh", "ts", "ch", "sh", "shch", "",   "y", "",   "e",  "yu", "ya"};

static size_t
read_character(const char *text, uint32_t *ret_code)
{
    const unsigned char *byte = (const unsigned char *)text;
    size_t size = byte[0] < 0x80 ? 1 : byte[0] < 0xe0 ? 2 : byte[0] < 0xf0 ? 3 : 4;
    uint32_t code = size == 1 ? byte[0] : byte[0] & (0xffu >> (size + 1));
    for (size_t i = 1; i < size; i++)
        code = code << 6 | (byte[i] & 0x3f);
    *ret_code = code;
    return size;
}

// Controls, separators of paths and headers, and what turns the direction of writing.
static bool
is_unwanted(uint32_t code)
{
    if (code < 0x20 || (code >= 0x7f && code < 0xa0))
        return true;
    if (code < 0x80)
        return strchr("\"\\/:*?<>|;%", (int)code) != NULL;
    return (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x206f) || code == 0xfeff;
}

static void
add_ascii(struct buffer *out, uint32_t code)
{
    if (is_unwanted(code))
        buffer_add_char(out, '_');
    else if (code < 0x80)
        buffer_add_char(out, (char)code);
    else if (code >= 0x410 && code <= 0x44f)
        buffer_add_text(out, LATIN[code - 0x410]);
    else if (code == 0x401 || code == 0x451)
        buffer_add_char(out, code == 0x401 ? 'E' : 'e');
    else if (code == 0xab || code == 0xbb)
        buffer_add_char(out, '\'');
    else if (code == 0x2116)
        buffer_add_char(out, 'N');
    else
        buffer_add_char(out, '_');
}

static void
add_encoded(struct buffer *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c != '\0' && c < 0x80 && strchr("!#$&+-.^_`|~", c) != NULL);
        if (is_plain)
            buffer_add_char(out, (char)c);
        else
            buffer_add_format(out, "%%%02X", c);
    }
}

void
disposition_write(struct buffer *out, const char *kind, const char *file_name)
{
    if (!text_is_utf8(file_name, strlen(file_name)) || file_name[0] == '\0')
        file_name = "document";
    buffer_add_text(out, kind);
    buffer_add_text(out, "; filename=\"");
    size_t chars = 0;
    uint32_t code;
    for (const char *at = file_name; *at != '\0' && chars < MAX_NAME_CHARS; chars++) {
        at += read_character(at, &code);
        add_ascii(out, code);
    }
    buffer_add_text(out, "\"; filename*=UTF-8''");
    chars = 0;
    for (const char *at = file_name; *at != '\0' && chars < MAX_NAME_CHARS; chars++) {
        size_t size = read_character(at, &code);
        if (is_unwanted(code))
            buffer_add_char(out, '_');
        else
            add_encoded(out, at, size);
        at += size;
    }
}
