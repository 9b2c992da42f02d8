// What a programme file has to be beyond the limits of its fields: each thing that is wrong is named by its path.
#pragma once

#include "store.h"

enum status check_programme(struct call *call, const Submissions__LoadProgrammeRequest *file);
// `parent` is the path of the item: "items[2]". NULL participants are good.
enum status check_participants(struct call *call, const char *parent, const Submissions__Participants *participants);
// fail_field() on a field of `parent`: "items[2].code".
enum status fail_at(struct call *call, const char *parent, const char *field, const struct message *message);
