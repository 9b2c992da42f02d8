// Documents of strangers, as the checking helper looks into them. Its answer is one that the service understands, the
// same each time, and only a document whose pages can be read is called sound.
#include "fuzz.h"

#include "pdf_look.h"
#include "rules.h"

// libqpdf may take gigabytes for a few bytes: the helper dies of that in its cage, which is not what is looked for
// here.
enum { INPUT_MAX = 4096 };

static void
look(const uint8_t *data, size_t size, char out[PDF_ANSWER_BYTES])
{
    qpdf_data pdf = pdf_look_open();
    QPDF_ERROR_CODE opened = qpdf_read_memory(pdf, "a document", (const char *)data, size, NULL);
    pdf_look(pdf, opened, out);
    pdf_look_close(&pdf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char answer[PDF_ANSWER_BYTES], again[PDF_ANSWER_BYTES];
    enum pdf_verdict verdict;
    uint32_t pages;
    if (size > INPUT_MAX)
        return 0;
    // The service's side of the helper's answers.
    char line[INPUT_MAX + 1];
    memcpy(line, data, size);
    line[size] = '\0';
    if (pdf_answer_parse(line, &verdict, &pages))
        DEMAND(verdict < PDF_VERDICT_COUNT && (verdict == PDF_SOUND) == (pages > 0));
    DEMAND(!pdf_has_header(data, size) || (size >= PDF_HEAD_BYTES && memcmp(data, "%PDF-", PDF_HEAD_BYTES) == 0));
    DEMAND(!pdf_has_end(data, size) || memmem(data, size, "%%EOF", 5) != NULL);
    // Only what begins as a PDF reaches the helper.
    if (!pdf_has_header(data, size))
        return 0;
    look(data, size, answer);
    DEMAND(pdf_answer_parse(answer, &verdict, &pages));
    DEMAND((verdict == PDF_SOUND) == (pages > 0));
    look(data, size, again);
    DEMAND(strcmp(answer, again) == 0);
    return 0;
}
