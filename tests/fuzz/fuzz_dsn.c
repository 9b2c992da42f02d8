// Reports of mail servers on letters that came back: anybody may send one to the mailbox they are read from.
#include "fuzz.h"

#include "dsn.h"
#include "vekha/base/text.h"

enum { INPUT_MAX = 4096 };

static void
check_text(const char *text, size_t capacity)
{
    size_t size = strnlen(text, capacity);
    DEMAND(size < capacity && text_is_utf8(text, size) && !strpbrk(text, "\r\n"));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    // Other line ends are the same report.
    char crlf[2 * INPUT_MAX];
    size_t crlf_size = 0;
    struct dsn dsn, other;
    if (size > INPUT_MAX)
        return 0;
    for (size_t i = 0; i < size; i++) {
        if (data[i] == '\n')
            crlf[crlf_size++] = '\r';
        crlf[crlf_size++] = (char)data[i];
    }
    bool is_report = dsn_read((const char *)data, size, "@demo.example", &dsn);
    DEMAND(dsn_read(crlf, crlf_size, "@demo.example", &other) == is_report);
    check_text(dsn.report_id, sizeof dsn.report_id);
    check_text(dsn.problem, sizeof dsn.problem);
    if (!is_report)
        return 0;
    DEMAND(text_is_uuid(dsn.mail_id) && strcmp(dsn.mail_id, other.mail_id) == 0);
    DEMAND(dsn.is_final == other.is_final && *dsn.problem && strcmp(dsn.problem, other.problem) == 0);
    DEMAND(strcmp(dsn.report_id, other.report_id) == 0);
    DEMAND(!dsn_read((const char *)data, size, "@elsewhere.example", &other));
    return 0;
}
