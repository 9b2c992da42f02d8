// Sections of a programme file: what has to hold between them, and their due dates.
#pragma once

#include "store.h"

enum status check_sections(struct call *call, const Submissions__LoadProgrammeRequest *file);
// `parent` is the path of the section or item that has it. NULL is good.
enum status check_due(struct call *call, const char *parent, const Submissions__Due *due);
enum status check_answering(struct call *call, const Submissions__Answering *answering);
// NULL is good.
enum status check_reminders(struct call *call, const Submissions__Reminders *reminders);
enum status check_form(struct call *call, const char *parent, const Submissions__Form *form);
enum status check_columns(struct call *call, const char *parent, const Submissions__Item *item);
