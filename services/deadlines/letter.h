// A message as a document: PDF or ODT, made by vekha-paper.
#pragma once

#include "deadlines.pb-c.h"
#include "vekha/service/service.h"

// The same message is the same bytes. BUSY: it could not be made.
MUST_CHECK enum status letter_make(struct call *call, const Deadlines__Message *message, const char *format,
                                   const void **ret_bytes, size_t *ret_size);
// "Письмо от 01.04.2021 № 19-9105.pdf"; NULL without memory.
const char *letter_file_name(struct call *call, const Deadlines__Message *message, const char *format);
