"""The systems that cells need: as usual, with replicas, on small disks, behind a network that can be cut."""
import os
import pathlib
import shutil
import subprocess
import sys

import crash_points
from stack import PROCESSES, ROOT, SERVICES, Stack

REPLICATED = ["submissions", "review", "files", "reporting", "deadlines"]
MEBIBYTE = 1024 * 1024


class CannotRunHere(Exception):
    """What a cell needs this machine does not give; the cell counts as not run."""


class Surroundings:
    """As usual: one of each, fsync on (what a client was told must survive), PostgreSQL with breakable flushes."""
    name = "plain"
    processes = PROCESSES
    options = ()

    def start(self, folder, port, build):
        folder.mkdir(mode=0o711)
        stack = self.stack = Stack(folder)
        self.build = build
        crash_points.prepare(stack, self.processes)
        self.prepare(stack)
        stack.run("up", "--port", str(port), "--build", str(build), "--fsync", "on", "--mail-catcher", *self.options)
        self.finish(stack)
        return stack

    def prepare(self, stack):
        """Before anything starts."""

    def finish(self, stack):
        """After everything has started."""

    def end(self, folder):
        if folder.exists():
            stack = Stack(folder)
            stack.remove()


class BreakableFlushes(Surroundings):
    """PostgreSQL's fsync and fdatasync obey the file <folder>/flush (slow_flush.c)."""
    name = "flushes"

    def prepare(self, stack):
        library = self.build / "lib" / "libvekha_slow_flush.so"
        if not library.exists():
            raise CannotRunHere(f"{library} is not built")
        self.order = stack.folder / "flush"
        self.order.write_bytes(bytes(8))
        self.order.chmod(0o644)
        # PostgreSQL's user must get there, whatever of the path is closed to it.
        self.library = pathlib.Path("/var/tmp") / f"vekha-slow-flush-{os.getpid()}.so"
        shutil.copy(library, self.library)
        self.library.chmod(0o755)
        stack.environment = {"LD_PRELOAD": str(self.library), "VEKHA_FLUSH_FILE": str(self.order)}

    def end(self, folder):
        super().end(folder)
        if getattr(self, "library", None):
            self.library.unlink(missing_ok=True)


class Replicas(Surroundings):
    """Two of each service that has work to share."""
    name = "replicas"
    processes = [*PROCESSES, *(f"{service}.2" for service in REPLICATED)]
    options = tuple(part for service in REPLICATED for part in ("--replicas", f"{service}=2"))


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotRunHere(f"{' '.join(map(str, command))}: {done.stderr.strip()}")
    return done.stdout


class Disks(Surroundings):
    """PostgreSQL's data, its log of changes and the documents each on a small disk of their own."""
    name = "disks"
    sizes = {"data": 320 * MEBIBYTE, "wal": 224 * MEBIBYTE, "blobs": 24 * MEBIBYTE}

    def __init__(self):
        self.mounts = {}

    def mount(self, name, path):
        path.mkdir(parents=True, exist_ok=True)
        run("mount", "-t", "tmpfs", "-o", f"size={self.sizes[name]},mode=711", "tmpfs", path)
        self.mounts[name] = path

    def prepare(self, stack):
        base = pathlib.Path("/var/tmp") / f"fault-disks-{os.getpid()}"
        self.base = base
        for name in ("data", "wal"):
            self.mount(name, base / name)
        self.mount("blobs", stack.folder / "blobs")
        (base / "socket").mkdir()
        (stack.folder / "settings").write_text(f"cluster={base / 'data' / 'postgres'}\nsocket={base / 'socket'}\n")
        for path in (base / "data" / "postgres", base / "socket"):
            path.mkdir(exist_ok=True)
            shutil.chown(path, "postgres", "postgres")
        (base / "data" / "postgres").chmod(0o700)

    def finish(self, stack):
        stack.run("stop-database")
        inside, outside = self.base / "data" / "postgres" / "pg_wal", self.base / "wal" / "pg_wal"
        run("cp", "-a", inside, outside)
        shutil.rmtree(inside)
        inside.symlink_to(outside)
        stack.run("start-database")

    def end(self, folder):
        try:
            if folder.exists():
                Stack(folder).run("down")
        finally:
            for path in reversed(self.mounts.values()):
                subprocess.run(["umount", str(path)], check=False)
            if self.mounts:
                shutil.rmtree(self.base, ignore_errors=True)
        super().end(folder)


BROKERS_IN, SERVICES_IN = "10.213.77.1", "10.213.77.2"


class NetworkedStack(Stack):
    """Services live in a network namespace of their own; what asks them for their health goes in there."""

    def __init__(self, folder):
        super().__init__(folder)
        self.holder = None  # a process that keeps the namespace

    def inside(self, *command):
        return ["nsenter", "-t", str(self.holder.pid), "-n", "--", *map(str, command)]

    def probe(self, process, path):
        if process not in SERVICES:
            return super().probe(process, path)
        line = self.inside("curl", "-s", "--max-time", "5", "-w", "\n%{http_code}",
                           f"http://127.0.0.1:{self.health_port(process)}{path}")
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise OSError(f"no answer of {process}")
        text, _, status = done.stdout.rpartition("\n")
        return int(status), text


class Network(Surroundings):
    """Brokers and gateway in one network namespace, all services in another, a cable between them.

    scripts/fault runs these cells in a namespace without any way out, so that brokers may listen on every address.
    """
    name = "network"

    def start(self, folder, port, build):
        if not os.environ.get("VEKHA_FAULT_NAMESPACE"):
            raise CannotRunHere("the cells of the network run in a namespace of their own: call tests/fault/fault.py")
        return super().start(folder, port, build)

    def finish(self, stack):
        stack.__class__ = NetworkedStack
        stack.holder = self.holder = subprocess.Popen(["unshare", "-n", "sleep", "infinity"])
        own = os.readlink("/proc/self/ns/net")
        while os.readlink(f"/proc/{self.holder.pid}/ns/net") == own:
            os.sched_yield()
        run("ip", "link", "add", "vekha-a", "type", "veth", "peer", "name", "vekha-b", "netns", self.holder.pid)
        run("ip", "address", "add", f"{BROKERS_IN}/30", "dev", "vekha-a")
        run("ip", "link", "set", "vekha-a", "up")
        for line in (("link", "set", "lo", "up"), ("address", "add", f"{SERVICES_IN}/30", "dev", "vekha-b"),
                     ("link", "set", "vekha-b", "up")):
            run(*stack.inside("ip", *line))
        # Letters are not what is cut here.
        self.mail = subprocess.Popen(stack.inside(sys.executable, ROOT / "tests" / "support" / "smtp.py",
                                                  stack.port + 9, stack.folder / "mail"))
        self.move_services(stack)

    def move_services(self, stack):
        stack.stop(*SERVICES)
        stack.stop("gateway", "broker-1", "broker-2")
        for broker in ("broker-1", "broker-2"):
            self.edit(stack, broker, "listen = 127.0.0.1:", "listen = 0.0.0.0:")
        stack.start("broker-1", "broker-2")
        for service in SERVICES:
            self.edit(stack, service, "127.0.0.1:", f"{BROKERS_IN}:", only="brokers")
            self.start_inside(stack, service)
        stack.start("gateway")

    def edit(self, stack, process, old, new, only=""):
        path = stack.folder / "etc" / f"{process}.conf"
        lines = [line.replace(old, new) if line.startswith(only) else line for line in path.read_text().splitlines()]
        path.write_text("\n".join(lines) + "\n")

    def start_inside(self, stack, service):
        with open(stack.folder / "log" / f"{service}.log", "ab") as log:
            binary = self.build / "bin" / f"vekha-{service}"
            line = stack.inside(binary, stack.folder / "etc" / f"{service}.conf")
            started = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                                       env={**os.environ, "VEKHA_CRASH_FILE": str(stack.folder / "crash" / service)})
        (stack.folder / "pid" / service).write_text(f"{started.pid}\n")

    def end(self, folder):
        super().end(folder)
        for process in (getattr(self, "mail", None), getattr(self, "holder", None)):
            if process:
                process.kill()
                process.wait()


ALL = {one.name: one for one in (Surroundings, BreakableFlushes, Replicas, Disks, Network)}
