// What is found in a PDF, in the words that vekha-pdf-check answers with. Hostile documents may exhaust memory and time
// here: only that program does this, in its cage.
#pragma once

#include <qpdf/qpdf-c.h>

enum { PDF_ANSWER_BYTES = 32 };

// A document to read into, which keeps its complaints to itself.
qpdf_data pdf_look_open(void);
void pdf_look_close(qpdf_data *pdf);
// opened: what qpdf_read() said. "ok PAGES", "damaged", "encrypted", "empty" or "javascript".
void pdf_look(qpdf_data pdf, QPDF_ERROR_CODE opened, char out[PDF_ANSWER_BYTES]);
