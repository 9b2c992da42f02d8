"""A mailbox on a real IMAP server: Dovecot, with TLS and a certificate of its own."""
import contextlib
import getpass
import imaplib
import os
import pathlib
import pwd
import shutil
import ssl
import subprocess
import tempfile

from haproxy import is_listening, own_certificate
from waiting import eventually

CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
ssl = required
ssl_cert = <{certificate}
ssl_key = <{certificate}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
mail_location = maildir:~/Maildir
"""


class Dovecot:
    user, password = "monitoring", "Слово&\\дело!7"

    def __init__(self, port):
        self.port = port
        # Its processes give up root, so they could not get into a folder of the test's.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vekha-dovecot-"))
        self.folder.chmod(0o755)
        root = os.geteuid() == 0
        internal, login = ("dovecot", "dovenull") if root else (getpass.getuser(),) * 2
        owner = pwd.getpwnam(internal)
        self.certificate = own_certificate(self.folder)
        (self.folder / "home").mkdir()
        if root:
            os.chown(self.folder / "home", owner.pw_uid, owner.pw_gid)
        (self.folder / "password").write_text(self.password + "\n")
        (self.folder / "dovecot.conf").write_text(CONFIGURATION.format(
            folder=self.folder, internal=internal, login=login, group="dovecot" if root else owner.pw_name,
            certificate=self.certificate, port=port, password=self.password, uid=owner.pw_uid, gid=owner.pw_gid))
        self.process = None
        self.start()

    def settings(self):
        """Of deadlines.conf, as `scripts/stack --set` takes them."""
        values = {"url": f"imaps://localhost:{self.port}/INBOX", "user": self.user,
                  "password_file": self.folder / "password"}
        named = {f"returned_mail_{name}": value for name, value in values.items()} | {
            "smtp_ca_file": self.folder / "certificate.pem"}
        return [part for name, value in named.items() for part in ("--set", f"deadlines.{name}={value}")]

    def start(self):
        self.process = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(self.folder / "dovecot.conf")],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT,
                                        start_new_session=True)
        eventually(lambda: self.process.poll() is None and is_listening(self.port), 15, what="Dovecot listens")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    @contextlib.contextmanager
    def opened(self):
        trusted = ssl.create_default_context(cafile=self.folder / "certificate.pem")
        client = imaplib.IMAP4_SSL("localhost", self.port, ssl_context=trusted, timeout=10)
        try:
            client.authenticate("PLAIN", lambda _: f"\0{self.user}\0{self.password}".encode())
            client.select("INBOX")
            yield client
        finally:
            client.logout()

    def deliver(self, message):
        with self.opened() as client:
            answer, _ = client.append("INBOX", None, None, message.replace("\n", "\r\n").encode())
            assert answer == "OK"

    def seen(self):
        """Subjects of messages that somebody has opened."""
        with self.opened() as client:
            _, [numbers] = client.search(None, "SEEN")
            return [client.fetch(number, "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1][0][1].decode().strip()
                    for number in numbers.split()]

    def count(self):
        with self.opened() as client:
            return len(client.search(None, "ALL")[1][0].split())

    def renumber(self):
        """Forgets the numbers it gave: the mailbox has another UIDVALIDITY, as after a restored backup."""
        self.stop()
        for path in (self.folder / "home" / "Maildir").glob("dovecot*"):
            path.unlink()
        self.start()

    def close(self):
        self.stop()
        shutil.rmtree(self.folder)
