"""A real provider of accounts (tests/oidc) and a person's way through its pages."""
import http.cookiejar
import json
import os
import re
import signal
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from ports import is_free
from stack import ROOT
from waiting import eventually

CLIENT_ID = "vekha & co"
NAMES = {"ru": "ФИС ОКО", "en": "FIS OKO"}


def free_port(distance):
    first = int(os.environ.get("VEKHA_PORT", "8074")) + distance
    return next(port for port in range(first, first + 100) if is_free(port))


class Provider:
    def __init__(self, own_address, port, secret="", method="", algorithm="RS256"):
        self.own_address, self.port = own_address, port
        self.issuer = f"http://127.0.0.1:{port}"
        self.options = {"port": port, "ownAddress": own_address, "secret": secret, "method": method,
                        "algorithm": algorithm}
        self.process = None

    def start(self):
        self.process = subprocess.Popen([str(ROOT / "tests" / "oidc" / "provider"), json.dumps(self.options)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
        eventually(self.answers, 120, what="the provider answers")
        return self

    def answers(self):
        assert self.process.poll() is None, self.process.stderr.read().decode()
        try:
            with urllib.request.urlopen(self.issuer + "/.well-known/openid-configuration", timeout=5) as reply:
                return reply.status == 200
        except OSError:
            return False

    def stop(self):
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process.stderr.close()
            self.process = None

    def bend(self, kind):
        request = urllib.request.Request(self.issuer + "/test/bend", json.dumps({"kind": kind}).encode(), method="PUT")
        urllib.request.urlopen(request, timeout=10).close()

    def settings(self, secret_file=""):
        """What scripts/stack up takes so that auth knows this provider."""
        values = {"oidc_issuer": self.issuer, "oidc_client_id": CLIENT_ID, "oidc_client_secret_file": secret_file,
                  "oidc_name_ru": NAMES["ru"], "oidc_name_en": NAMES["en"], "oidc_scopes": "openid profile",
                  "oidc_own_address": self.own_address}
        return [part for key, value in values.items() for part in ("--set", f"auth.{key}={value}")]


class Person:
    """A browser at the provider: keeps its cookies there, fills in its pages."""

    def __init__(self, provider, login):
        self.provider, self.login = provider, login
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), NoRedirect)
        self.pages_seen = []

    def open(self, address, form=None):
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            with self.opener.open(address, data, timeout=20) as reply:
                return reply.status, reply.headers.get("Location"), reply.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("Location"), error.read().decode()

    def come_back(self, address):
        """From where we send people to where the provider sends them back: its query as a dictionary."""
        form = None
        for _ in range(20):
            status, location, body = self.open(address, form)
            form = None
            if location:
                address = urllib.parse.urljoin(address, location)
                if address.startswith(self.provider.own_address):
                    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
                continue
            prompt = re.search(r'name="prompt" value="(\w+)"', body)
            assert status == 200 and prompt, f"{status} {body}"
            self.pages_seen.append(prompt.group(1))
            form = {"prompt": prompt.group(1), "login": self.login, "password": "any"}
            action = re.search(r'action="([^"]+)"', body)
            address = urllib.parse.urljoin(address, action.group(1))
        raise AssertionError("the provider leads nowhere")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None
