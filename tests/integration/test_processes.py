"""What every process owes its operator: probes, metrics, one-line logs, a clean end, and clear words about a bad start."""
import json
import re
import signal
import socket
import subprocess

import pytest
from stack import PROCESSES, SERVICES
from waiting import eventually

METRIC = re.compile(r'^[a-z_][a-z0-9_]*(\{([a-z_]+="[^"\n]*",?)*\})? -?[0-9.e+-]+(Inf|NaN)?$', re.I)


def binary(stack, process):
    kind = process.partition(".")[0].removesuffix("-1").removesuffix("-2")
    return f"{stack.settings['build']}/bin/vekha-{kind}"


def second(stack, process, tmp_path, **changes):
    """A process started by hand beside the stack's: same configuration but for what is changed."""
    lines = (stack.folder / "etc" / f"{process}.conf").read_text().splitlines()
    values = dict(line.split(" = ", 1) for line in lines)
    # The stack's own reporting holds that port.
    values.pop("feed_listen", None)
    values.update(changes)
    path = tmp_path / f"{process}.conf"
    path.write_text("".join(f"{key} = {value}\n" for key, value in values.items() if value is not None))
    return subprocess.Popen([binary(stack, process), path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process, within=30):
    out, err = process.communicate(timeout=within)
    return process.returncode, out + err


@pytest.mark.parametrize("process", PROCESSES)
def test_probes_and_metrics(stack, process):
    assert stack.probe(process, "/healthz")[0] == 200
    eventually(lambda: stack.is_ready(process), what=f"{process} is ready")
    code, text = stack.probe(process, "/metrics")
    assert code == 200
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert lines, "no metrics at all"
    for line in lines:
        assert METRIC.match(line), line
    assert stack.probe(process, "/etc/passwd")[0] == 404


def asked(port, *pieces):
    """What the port answers to these bytes, sent piece by piece, until it closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for piece in pieces:
            connection.sendall(piece)
        answer = b""
        while received := connection.recv(65536):
            answer += received
    return answer.decode()


def test_health_port_answers_whatever_comes(stack):
    port = stack.health_port("review")
    mute = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(12)]
    try:
        assert asked(port, b"GET /hea", b"lthz?a=b HTTP/1.1\r\nHost: x\r\n", b"\r\n").startswith("HTTP/1.1 200 ")
        assert asked(port, b"POST /healthz HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody").startswith("HTTP/1.1 405 ")
        assert asked(port, b"\r\n\r\n").startswith("HTTP/1.1 405 ")
        assert asked(port, b"GET\r\n\r\n").startswith("HTTP/1.1 404 ")
        assert asked(port, b"GET /" + b"a" * 2043).startswith("HTTP/1.1 431 ")
        assert asked(port, b"GET /metrics HTTP/1.1\r\n\r\n").endswith("\n")
    finally:
        for connection in mute:
            connection.close()


def test_mute_visitors_of_the_health_port_make_way(stack):
    port = stack.health_port("review")
    mute = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(16)]
    try:
        assert asked(port, b"GET /healthz HTTP/1.1\r\n\r\n").startswith("HTTP/1.1 200 ")
        assert mute[0].recv(1) == b"", "whoever says nothing is shown out"
    finally:
        for connection in mute:
            connection.close()


@pytest.mark.parametrize("process", PROCESSES)
def test_log_is_one_json_document_per_line(stack, process):
    lines = stack.log(process).splitlines()
    assert lines
    for line in lines:
        entry = json.loads(line)
        assert {"time", "level", "process", "message"} <= set(entry), line


def test_no_secret_stands_in_a_log(stack, world):
    """Passwords and tokens are never logged."""
    secrets = [world.administrator.password, world.administrator.token]
    for process in PROCESSES:
        log = stack.log(process)
        assert not [secret for secret in secrets if secret in log], process


@pytest.mark.parametrize("service", SERVICES)
def test_replica_drains_and_exits_clean(stack, tmp_path, service):
    """SIGTERM: finishes what is in hand, takes no more, exits 0."""
    port = stack.port + 40
    replica = second(stack, service, tmp_path, health_port=port)
    try:
        eventually(lambda: subprocess.run(["curl", "-sf", f"http://127.0.0.1:{port}/readyz"], capture_output=True,
                                          check=False).returncode == 0, 30, what=f"a second {service} is ready")
        replica.send_signal(signal.SIGTERM)
        code, log = ended(replica)
    finally:
        replica.kill()
    assert code == 0, log
    assert '"stopped"' in log


def read_all(connection):
    data = b""
    while piece := connection.recv(65536):
        data += piece
    return data


def readiness(port):
    done = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", f"http://127.0.0.1:{port}/readyz"],
                          capture_output=True, text=True, check=False)
    return int(done.stdout)


def test_a_gateway_gives_notice_before_it_closes(stack, tmp_path):
    """A proxy needs a moment to see that it is not ready: until then it answers, on connections it does not keep."""
    health, port = stack.port + 40, stack.port + 41
    gateway = second(stack, "gateway", tmp_path, listen=f"127.0.0.1:{port}", health_port=health, notice_ms=4000)
    try:
        eventually(lambda: readiness(health) == 200, 30, what="a second gateway is ready")
        gateway.send_signal(signal.SIGTERM)
        eventually(lambda: readiness(health) == 503, 3, what="it says that it is not ready any more")
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n")
            head = read_all(connection).split(b"\r\n\r\n")[0]
        code, log = ended(gateway)
    finally:
        gateway.kill()
    assert head.startswith(b"HTTP/1.1 200")
    assert b"Connection: close" in head.split(b"\r\n")
    assert code == 0, log


def test_up_with_fewer_replicas_stops_the_others(own_stack):
    own_stack.run("up", "--replicas", "reporting=3")
    assert own_stack.is_ready("reporting.3")
    own_stack.run("up", "--replicas", "reporting=1")
    assert not own_stack.is_ready("reporting.3")
    assert "reporting.2" not in own_stack.run("status")
    assert own_stack.is_ready("reporting")


def test_unknown_setting_is_refused(stack, tmp_path):
    code, log = ended(second(stack, "auth", tmp_path, health_port=stack.port + 40, worker=3))
    assert code != 0
    assert "worker" in log


def test_missing_setting_is_named(stack, tmp_path):
    code, log = ended(second(stack, "auth", tmp_path, dsn=None))
    assert code != 0
    assert "dsn" in log


def test_taken_health_port_is_told(stack, tmp_path):
    code, log = ended(second(stack, "review", tmp_path))
    assert code != 0
    assert "health_port" in log


@pytest.mark.parametrize("process", ["broker-1", "submissions", "gateway"])
def test_comes_back_after_kill(own_stack, process):
    own_stack.kill(process)
    own_stack.run("up")
    for every in PROCESSES:
        eventually(lambda: own_stack.is_ready(every), 30, what=f"{every} is ready after {process} was killed")


def test_up_on_a_running_stack_says_so(own_stack):
    own_stack.run("up")
    assert "already running" in own_stack.run("up")
