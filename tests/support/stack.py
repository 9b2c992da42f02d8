"""A running system for tests: its processes, its clock, its databases. scripts/stack does the work."""
import datetime
import http.client
import os
import pathlib
import re
import signal
import struct
import subprocess

import psycopg2
import psycopg2.extras

import smtp

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = ["auth", "submissions", "review", "files", "reporting", "deadlines"]
PROCESSES = ["broker-1", "broker-2", *SERVICES, "gateway"]
HEALTH_SLOTS = ["broker-1", "broker-2", "gateway", *SERVICES]
TROUBLE = re.compile(r"ERROR: (Address|Leak|Thread)Sanitizer|runtime error:|assertion .*failed|SUMMARY: \w+Sanitizer")


class StackError(Exception):
    pass


class Stack:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.connections = {}
        self.environment = {}  # beside this process's own, for what scripts/stack starts

    @classmethod
    def create(cls, folder, port, build=None, options=()):
        """Starts a new one. Tests' stacks do without fsync: no test here cuts the power."""
        built = [ROOT / "build" / preset for preset in ("asan", "debug", "release")]
        build = build or os.environ.get("VEKHA_TEST_BUILD") or next((path for path in built if path.exists()), built[0])
        stack = cls(folder)
        try:
            stack.run("up", "--port", str(port), "--build", str(build), "--fsync", "off", "--mail-catcher", *options)
        except BaseException:
            stack.remove()
            raise
        return stack

    def run(self, command, *arguments, timeout=180):
        line = [ROOT / "scripts" / "stack", command, self.folder, *arguments]
        done = subprocess.run([str(part) for part in line], capture_output=True, text=True, timeout=timeout, check=False,
                              env={**os.environ, **self.environment})
        if done.returncode != 0:
            raise StackError(f"scripts/stack {command} {' '.join(map(str, arguments))}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def remove(self):
        self.close()
        self.run("remove")

    def close(self):
        for connection in self.connections.values():
            connection.close()
        self.connections.clear()

    # ---- settings

    @property
    def settings(self):
        lines = (self.folder / "settings").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    @property
    def port(self):
        return int(self.settings["port"])

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def configure(self, *options):
        """scripts/stack up with options: writes configurations and restarts what they concern."""
        self.run("up", *options)

    def health_port(self, process):
        name, _, replica = process.partition(".")
        return self.port + 10 * int(replica or 1) + HEALTH_SLOTS.index(name)

    # ---- processes

    def pid(self, process):
        return int((self.folder / "pid" / process).read_text())

    def signal(self, process, number):
        os.kill(self.pid(process), number)

    def kill(self, *processes):
        """kill -9, without waiting for anything."""
        for process in processes:
            self.signal(process, signal.SIGKILL)

    def start(self, *processes):
        self.run("start", *processes)

    def stop(self, *processes):
        self.run("stop", *processes)

    def restart(self, *processes):
        self.run("restart", *processes)

    def pause(self, process):
        self.signal(process, signal.SIGSTOP)

    def resume(self, process):
        self.signal(process, signal.SIGCONT)

    def is_ready(self, process):
        try:
            return self.probe(process, "/readyz")[0] == 200
        except OSError:
            return False

    def probe(self, process, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.health_port(process), timeout=5)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def metrics(self, process):
        """name{labels} -> number"""
        _, text = self.probe(process, "/metrics")
        lines = [line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#")]
        return {name: float(value) for name, value in lines}

    def log(self, process):
        path = self.folder / "log" / f"{process}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def trouble(self):
        """Lines of any log that a sanitizer or an assertion wrote."""
        found = []
        for path in sorted((self.folder / "log").glob("*.log")):
            found += [f"{path.stem}: {line}" for line in path.read_text(errors="replace").splitlines()
                      if TROUBLE.search(line)]
        return found

    # ---- clock

    def offset_ms(self):
        return struct.unpack("=q", (self.folder / "clock").read_bytes()[:8])[0]

    def now(self):
        """The system's moment in UTC."""
        return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(milliseconds=self.offset_ms())

    def write_offset_ms(self, offset_ms):
        # In place: running processes have the file mapped.
        with open(self.folder / "clock", "r+b", buffering=0) as file:
            file.write(struct.pack("=q", offset_ms))

    def set_clock(self, moment):
        """moment: datetime with a zone, or text like 2020-09-16T10:00:00+05:00"""
        if isinstance(moment, str):
            moment = datetime.datetime.fromisoformat(moment)
        real = datetime.datetime.now(datetime.timezone.utc)
        self.write_offset_ms(round((moment - real).total_seconds() * 1000))

    def advance(self, **delta):
        self.write_offset_ms(self.offset_ms() + round(datetime.timedelta(**delta).total_seconds() * 1000))

    # ---- databases, for oracles: the superuser sees past the services' own rules

    def connection(self, database):
        if database not in self.connections or self.connections[database].closed:
            connection = psycopg2.connect(host=self.settings["socket"], user="postgres", dbname=database)
            connection.autocommit = True
            self.connections[database] = connection
        return self.connections[database]

    def rows(self, database, sql, *values):
        """All rows as dictionaries."""
        with self.connection(database).cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
            cursor.execute(sql, values or None)
            return [dict(row) for row in cursor.fetchall()] if cursor.description else []

    def value(self, database, sql, *values):
        row = self.rows(database, sql, *values)
        return next(iter(row[0].values())) if row else None

    def as_service(self, service):
        """A connection with the service's own role and rights."""
        connection = psycopg2.connect(host=self.settings["socket"], user=service, dbname=service)
        connection.autocommit = True
        return connection

    # ---- mail

    def mails(self, to=None):
        messages = smtp.read_mails(self.folder / "mail")
        return [message for message in messages if to is None or to in message["X-Envelope-To"]]
