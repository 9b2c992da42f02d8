"""The proxy of deploy/haproxy, really run: its own file with other addresses, before gateways of a test's system."""
import os
import pathlib
import re
import socket
import ssl
import subprocess

from waiting import eventually

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIGURATION = ROOT / "deploy" / "haproxy" / "haproxy.cfg"
# How a session ended, of `option httplog`: "SD" is a server that broke its answer off, and so on.
LINE = re.compile(r" (?P<backend>\S+)/(?P<server>\S+) \S+ (?P<status>\d{3}|-1) \S+ \S+ \S+ (?P<ending>[A-Za-z-]{4}) ")


def own_certificate(folder):
    """Certificate and key of "localhost" in one file, as HAProxy wants them."""
    key, certificate, both = folder / "key.pem", folder / "certificate.pem", folder / "both.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "2", "-subj", "/CN=localhost", "-keyout", str(key), "-out", str(certificate)],
                   check=True, capture_output=True)
    both.write_text(certificate.read_text() + key.read_text())
    return both


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class HAProxy:
    """gateways: (port, port of its health) of each; listens on `port` for HTTP and on port + 1 for TLS."""

    def __init__(self, folder, port, gateways):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port + 1
        self.log = self.folder / "haproxy.log"
        self.control = self.folder / "admin.sock"
        path = self.folder / "haproxy.cfg"
        path.write_text(self.configuration(port, gateways))
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(["/usr/sbin/haproxy", "-db", "-f", str(path)], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, start_new_session=True)
        eventually(lambda: self.process.poll() is None and is_listening(self.port), 10,
                   what=f"HAProxy listens; {self.log.read_text()}")

    def configuration(self, port, gateways):
        text = CONFIGURATION.read_text()

        def replace(pattern, new):
            nonlocal text
            text, count = re.subn(pattern, new, text, flags=re.MULTILINE)
            assert count, f"{CONFIGURATION} has no {pattern}"
        replace(r"^    log /dev/log local0$", "    log stdout format raw local0")
        replace(r"stats socket \S+", f"stats socket {self.control}")
        replace(r"bind :80$", f"bind 127.0.0.1:{port}")
        replace(r"bind :443 ssl crt \S+", f"bind 127.0.0.1:{port + 1} ssl crt {own_certificate(self.folder)}")
        replace(r"^(    server gateway)-1 \S+ check port \d+ (.*)$", "\n".join(
            rf"\1-{number} 127.0.0.1:{one} check port {health} \2" for number, (one, health) in enumerate(gateways, 1)))
        if os.geteuid() != 0:
            replace(r"^    (user|group) haproxy$", "")
        return text

    @property
    def address(self):
        return f"https://127.0.0.1:{self.port}"

    def context(self):
        """Of a client that knows the certificate."""
        context = ssl.create_default_context(cafile=str(self.folder / "certificate.pem"))
        context.check_hostname = False
        return context

    def ask(self, line):
        """An answer of its control socket."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(self.control))
            connection.sendall(line.encode() + b"\n")
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        return answer.decode()

    def connections(self):
        """(used, idle) connections to gateways, as it counts them itself."""
        lines = self.ask("show servers conn").splitlines()
        heads = lines[0].lstrip("# ").split()
        used, idle = heads.index("used_cur"), heads.index("idle_cur")
        rows = [line.split() for line in lines[1:] if line.strip()]
        return sum(int(row[used]) for row in rows), sum(int(row[idle]) for row in rows)

    def endings(self):
        """(status, how it ended) of every request so far."""
        found = (LINE.search(line) for line in self.log.read_text(errors="replace").splitlines())
        return [(int(match["status"]), match["ending"]) for match in found if match]

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
