// Clocks. Business time can be moved by tests; timeouts cannot.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "vekha/base/status.h"

// Wall clock in UTC plus the offset of clock_use_offset_file().
int64_t clock_now_ms(void);
// Without that offset: for what others have dated.
int64_t clock_unmoved_ms(void);
// Never goes back, never moved: for timeouts and measuring.
int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_us(void);

// The file holds one int64 (milliseconds, host order) that is added to the wall clock from now on, in every
// process that maps it: a whole system's date is moved by writing 8 bytes. Only demos and tests set it.
MUST_CHECK enum status clock_use_offset_file(const char *path);

// "2020-09-25T18:59:59.000Z"; out holds 25 bytes.
void time_format_utc(int64_t ms, char out[25]);
// RFC 3339 with any zone -> UTC milliseconds.
MUST_CHECK enum status time_parse(const char *text, int64_t *ret_ms);
