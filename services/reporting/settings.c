// What reporting.conf may set besides what every service may.
#include "handlers.h"

const struct config_key reporting_config_keys[] = {
    {"feed_listen", "", "address:port where regional dashboards read the status feed over ZeroMQ; empty: nowhere"},
    {"feed_address", "", "how they reach it, tcp://host:port of each replica, with commas; empty: feed_listen"},
    {"feed_begin_events", "4096", "so many of the last events are at hand after a start, at most 4096"},
    {"export_page_rows", "0", "rows of a report asked for at once for its file; 0: as many as a reply holds"},
};
const size_t reporting_config_key_count = sizeof reporting_config_keys / sizeof reporting_config_keys[0];
