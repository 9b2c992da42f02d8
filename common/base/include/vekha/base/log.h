// One JSON object per line on standard error. Libraries below service/ do not log: they return a status.
#pragma once

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

// "debug", "info", "warning", "error"; anything else is info.
enum log_level log_level_named(const char *name);
// Once per process, before threads start. `process` must outlive it.
void log_open(const char *process, enum log_level least);
// Key and value pairs of strings, ended by NULL: log_write(LOG_INFO, "worker ready", "lane", lane, NULL).
// Control characters in values are escaped (ASVS 16.4.1). Never pass passwords, tokens or contacts.
void log_write(enum log_level level, const char *message, ...) __attribute__((sentinel));
