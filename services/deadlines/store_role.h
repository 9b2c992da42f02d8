// The caller's role as tables have it: "ROLE_COORDINATOR".
#pragma once

#include "vekha/service/service.h"

static inline const char *
role_name(const struct call *call)
{
    const ProtobufCEnumValue *role =
        protobuf_c_enum_descriptor_get_value(&vekha__role__descriptor, (int)call->principal->role);
    return role ? role->name : "";
}
