"""A real SMTP server on 127.0.0.1 that keeps each message as a file: smtp.py PORT FOLDER."""
import email
import email.policy
import pathlib
import signal
import subprocess
import sys
import socket
import time

from aiosmtpd.controller import Controller


class Keeper:
    """Writes a message whole before it acknowledges it. Addresses that begin with "nobody" do not exist here. Files in
    the folder: with `refuse` it answers 451; with `slow` it takes 5 ms for a letter; with `cut` it hangs up, once, in the
    middle of a letter, which it does not keep."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.count = len(list(self.folder.glob("*.eml")))

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address.startswith("nobody"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    # Nothing is awaited here: aiosmtpd ends a handler whose client hangs up, and what came whole is a server's to keep.
    async def handle_DATA(self, server, _session, envelope):
        if (self.folder / "cut").exists():
            (self.folder / "cut").unlink()
            server.transport.abort()
            return "451 4.3.0 gone"
        if (self.folder / "slow").exists():
            time.sleep(0.005)
        if (self.folder / "refuse").exists():
            return "451 4.3.0 try again later"
        self.count += 1
        part = self.folder / f".{self.count:06d}.part"
        recipients = ", ".join(envelope.rcpt_tos)
        part.write_bytes(f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipients}\r\n".encode()
                         + envelope.original_content)
        part.rename(self.folder / f"{self.count:06d}.eml")
        return "250 2.0.0 kept"


def read_mails(folder):
    """All messages kept so far, oldest first."""
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in sorted(pathlib.Path(folder).glob("*.eml"))]


def text_of(message):
    return message.get_body(("plain",)).get_content()


class MailServer:
    """The server as a child process, for a test of its own."""

    def __init__(self, port, folder):
        self.port, self.folder = port, pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = None

    def start(self):
        self.process = subprocess.Popen([sys.executable, __file__, str(self.port), str(self.folder)])
        deadline = time.monotonic() + 15
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.02)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)

    def mails(self):
        return read_mails(self.folder)


def serve(port, folder):
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    controller = Controller(Keeper(folder), hostname="127.0.0.1", port=port, decode_data=False)
    controller.start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        signal.pause()
    finally:
        controller.stop()


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
