// Makes the file of a report: asks the report page by page, keeps what it says as parts, and writes their rows.
#pragma once

#include "store_exports.h"
#include "vekha/bus/contract.h"

struct export_task {
    const char *export_id, *report, *format, *zone;
    const char *title, *subtitle; // of the document
    int64_t attempt;
    // How far its last maker was.
    const char *token;
    uint32_t rows;
    bool is_gathered;
    struct asker asker;
    const Reporting__CreateExportRequest *request;
};
// The request of the report that an export is of, all fields of the same names taken over.
ProtobufCMessage *export_request_of(struct arena *arena, const struct contract_method *contract,
                                    const Reporting__CreateExportRequest *request);
// NULL: this service has no such method.
const struct method *export_method(const char *name);

// Writes `path`; gives signs of life meanwhile. NOT_FOUND: nobody wants the file any more. *ret_failure: a word for
// programs when trying again does not help, else "".
MUST_CHECK enum status export_make(struct call *call, const struct export_task *task, const char *path,
                                   const char **ret_failure);
