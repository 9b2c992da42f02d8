"""Free ports for a system of one's own."""
import os
import socket

PORTS = 40


def free_port(distance):
    """The first of a row of ports that nobody listens on, from VEKHA_PORT + distance up."""
    first = int(os.environ.get("VEKHA_PORT", "8074")) + distance
    for port in range(first, first + 20 * PORTS, PORTS):
        if all(is_free(port + offset) for offset in range(PORTS)):
            return port
    raise SystemExit(f"no {PORTS} free ports in a row from {first} on")


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False
