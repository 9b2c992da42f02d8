// The broker: requests by lane, events by topic, liveness of workers. It remembers nothing.
#include "broker.h"

int
main(int argc, char **argv)
{
    return broker_run(argc, argv);
}
