// Which build of a program this is.
#pragma once

// The linker's hash of all that went into it, in hex: what another build made may look different. NULL: it left none.
const char *build_name(void);
