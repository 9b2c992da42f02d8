// The process's blob folder and PDF helper, opened once before any thread starts.
#include "process.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "vekha/base/helper.h"
#include "vekha/base/log.h"

const struct config_key files_config_keys[] = {
    {"blob_folder", NULL, "absolute path of the folder with the documents' bytes, shared by all replicas"},
    {"max_document_bytes", "20971520", "largest document, bytes"},
    {"organisation_quota_bytes", "2147483648", "documents and uploads of one organisation together, bytes"},
    {"organisation_open_uploads", "50", "unfinished uploads of one organisation"},
    {"upload_lifetime_hours", "24", "hours until an unfinished upload is removed"},
    {"pdf_check", "", "path of vekha-pdf-check; empty: beside this program"},
    {"clamd_socket", "", "path of a ClamAV daemon's socket; empty: documents are not scanned for viruses"},
};
const size_t files_config_key_count = sizeof files_config_keys / sizeof files_config_keys[0];

// Set by process_open, read-only afterwards, given back by process_close: a handler has no other way to what lives
// longer than its call.
static struct {
    struct folder *folder;
    struct pdf_checker *checker;
} process;

static bool
find_helper(const struct config *config, char out[PATH_MAX])
{
    const char *configured = config_text(config, "pdf_check");
    if (*configured)
        return snprintf(out, PATH_MAX, "%s", configured) < PATH_MAX;
    return helper_find("vekha-pdf-check", out);
}

enum status
process_open(const struct config *config)
{
    char helper[PATH_MAX];
    const char *problem = "";
    if (!find_helper(config, helper) || access(helper, X_OK) != 0) {
        log_write(LOG_ERROR, "vekha-pdf-check not found: set pdf_check to its path", "path", helper, NULL);
        return STATUS_INVALID;
    }
    enum status status = folder_open(config_text(config, "blob_folder"), &process.folder, &problem);
    if (status != STATUS_OK) {
        log_write(LOG_ERROR, problem, "blob_folder", config_text(config, "blob_folder"), NULL);
        return status;
    }
    process.checker = pdf_checker_new(helper, PDF_CHECK_TIMEOUT_MS);
    return process.checker ? STATUS_OK : STATUS_BUSY;
}

void
process_close(void)
{
    pdf_checker_free(&process.checker);
    folder_close(&process.folder);
}

const struct folder *
process_folder(void)
{
    return process.folder;
}

struct pdf_checker *
process_checker(void)
{
    return process.checker;
}
