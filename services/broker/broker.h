// A broker process: everything between its configuration file and its exit code.
#pragma once

int broker_run(int argc, char **argv);
