// protobuf-c message -> CSV (RFC 4180, UTF-8): a reply that consists of `rows` without lists in them, and of single
// values.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

#include "vekha/base/text.h"

// The reply's rows when it is such a table, else NULL.
const ProtobufCFieldDescriptor *csv_rows_of(const ProtobufCMessageDescriptor *reply);
// A line of names as in JSON, then a line for each row. Nothing is put before a sign that a spreadsheet takes for a
// formula: this is for programs.
void csv_write(struct buffer *out, const ProtobufCMessage *reply, const ProtobufCFieldDescriptor *rows);
// A single value as it stands in a cell, without quotes.
void csv_write_value(struct buffer *out, const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);
