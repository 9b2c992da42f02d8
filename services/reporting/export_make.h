// Makes the file of a report in a folder: asks the report page by page and writes its rows.
#pragma once

#include "store_exports.h"
#include "vekha/bus/contract.h"

struct export_task {
    const char *export_id, *report, *format, *zone;
    int64_t attempt;
    struct asker asker;
    const Reporting__CreateExportRequest *request;
};
// The request of the report that an export is of, all fields of the same names taken over.
ProtobufCMessage *export_request_of(struct arena *arena, const struct contract_method *contract,
                                    const Reporting__CreateExportRequest *request);
// NULL: this service has no such method.
const struct method *export_method(const char *name);

// Writes `path`; says how far it is after every page. NOT_FOUND: nobody wants the file any more.
MUST_CHECK enum status export_make(struct call *call, const struct export_task *task, const char *path);
