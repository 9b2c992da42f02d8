// vekha-gateway CONFIG: HTTP and JSON outside, the bus inside.
#include "gateway.h"

int
main(int argc, char **argv)
{
    return gateway_run(argc, argv);
}
