// What one files process holds for its lifetime: the blob folder and the helper that looks into PDFs.
#pragma once

#include "folder.h"
#include "pdf_check.h"
#include "vekha/service/service.h"

extern const struct config_key files_config_keys[];
extern const size_t files_config_key_count;

enum status process_open(const struct config *config);
void process_close(void);

const struct folder *process_folder(void);
struct pdf_checker *process_checker(void);
