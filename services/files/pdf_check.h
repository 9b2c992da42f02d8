// Looks into PDFs with helper processes, vekha-pdf-check: a document made to exhaust or to break the library takes its
// helper with it and nothing else. A helper is started by posix_spawn when one is needed, lives for many documents, and
// is replaced when it dies, hangs or has served enough.
#pragma once

#include "rules.h"
#include "vekha/base/status.h"

struct pdf_checker;

enum { PDF_CHECK_TIMEOUT_MS = 12000, PDF_CHECK_CPU_SECONDS = 10, PDF_CHECK_MEMORY_MIB = 512, PDF_HELPERS = 2 };

// program: path of the helper. NULL without memory. May be shared by threads: each asks a helper of its own,
// PDF_HELPERS at once, the others wait.
struct pdf_checker *pdf_checker_new(const char *program, int timeout_ms);
void pdf_checker_free(struct pdf_checker **checker);
// path: absolute, without a line feed. BUSY when there is no helper to ask: the document stays unchecked, which is
// never "sound".
MUST_CHECK enum status pdf_checker_ask(struct pdf_checker *checker, const char *path, enum pdf_verdict *ret_verdict,
                                       uint32_t *ret_pages);
