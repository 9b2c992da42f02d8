// The Range header (RFC 9110 §14): one range of bytes; several are ignored, as the RFC allows.
#pragma once

#include <stdint.h>

enum range_kind { RANGE_WHOLE, RANGE_PART, RANGE_OUTSIDE };

struct byte_range {
    enum range_kind kind;
    uint64_t first, last; // both included; of RANGE_PART
};

// header: NULL without one. total: size of the content.
struct byte_range byte_range_parse(const char *header, uint64_t total);
