"""The system of a run, its region with a municipality per group, and everybody's sessions."""
import contextlib
import pathlib
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor

import psycopg2

from builders import World, item
from model import Item, Model, Person
from moves import NOBODY, Moves
from play import Player
from ports import free_port
from stack import Stack
from vekha_client import Problem
from wire import QuickClient

SCHOOLS = 3
SILENT = {SCHOOLS - 1}  # schools without a person: never logged in
ITEMS = [Item("number", "number"), Item("decimal", "number", decimals=2), Item("yes-no", "yes_no"),
         Item("percent", "percent", decimals=1), Item("percent-whole", "percent"),
         Item("number-evidence", "number", needs_evidence=True),
         Item("decimal-evidence", "number", decimals=2, needs_evidence=True),
         Item("yes-no-evidence", "yes_no", needs_evidence=True),
         Item("percent-evidence", "percent", decimals=1, needs_evidence=True)]


class QuickWorld(World):
    def client(self, language="ru"):
        client = QuickClient(self.stack.address, language)
        client.patience = 60
        self.clients.append(client)
        return client


class Stage:
    def __init__(self, folder, build):
        """folder: of a system that runs already, or None for a new one."""
        self.temporary = None
        if folder is None:
            self.temporary = pathlib.Path(tempfile.mkdtemp(prefix="vekha-model-"))
            self.stack = Stack.create(self.temporary / "stack", free_port(300), build=build)
        else:
            self.stack = Stack(folder)
        self.accounts = {}  # (group or None, name) -> client with login and password
        self.world = None

    def open(self, groups, now):
        """A region with so many municipalities; nobody but the administrator has a session yet."""
        self.stack.set_clock(now)
        self.world = QuickWorld(self.stack)
        self.administrator = self.world.administrator
        self.accounts[None, "administrator"] = self.world.administrator
        self.world.administrator.login_name = self.world.administrator.account["login"]
        self.region = self.world.region(municipalities=groups, schools=SCHOOLS)
        self.world.wait_for_organisations(self.region)

    def people(self, groups):
        """Makes everybody of these groups ready."""
        wanted = {(None, "operator of the region"): ("operator", self.region.code)}
        for group in groups:
            place = self.region.municipalities[group]
            wanted[group, "operator"] = ("operator", place.code)
            wanted[group, "coordinator"] = ("coordinator", place.authority)
            for school in set(range(SCHOOLS)) - SILENT:
                wanted[group, f"respondent {school}"] = ("respondent", place.schools[school])
        with ThreadPoolExecutor(4) as pool:
            issued = {who: self.world.issue(*what) for who, what in wanted.items()}
            ready = pool.map(lambda one: self.world.make_ready(self.world.client(), one["login"],
                                                               one["oneTimePassword"]), issued.values())
            self.accounts.update(zip(issued, ready))
        for who, one in issued.items():
            self.accounts[who].account_id = one["accountId"]

    def enter(self, pool):
        """Everybody goes on with the session, or logs in again when it has run out meanwhile; whoever needs somebody
        waits for it, as hashing so many passwords takes its time."""
        def go_on(client):
            try:
                client.refresh()
            except Problem as problem:
                if problem.status != 401:
                    raise
                client.login(client.login_name, client.password)
            return client.token
        return {key: pool.submit(go_on, client) for key, client in self.accounts.items()}

    @contextlib.contextmanager
    def rounds_held(self):
        """Meanwhile nobody ends a round whose last day is over: whoever clears them away passes over rows in use."""
        connection = psycopg2.connect(host=self.stack.settings["socket"], user="postgres", dbname="submissions")
        try:
            connection.cursor().execute("SELECT FROM round WHERE state = 'open' FOR UPDATE")
            yield
        finally:
            connection.close()

    # ---- one group

    def programme(self, group):
        """S2.30: what the programme demands may be waived by the round and the other way round."""
        place = self.region.municipalities[group]
        made = [item(one.code, one.kind, decimals=one.decimals, evidence="Загрузите приказ",
                     evidenceRequired=one.needs_evidence) for one in ITEMS]
        return self.world.programme(self.region, organisationCode=place.code, sections=[
            {"code": "first", "title": "Первая группа", "items": made[:4]},
            {"code": "second", "title": "Вторая группа", "items": made[4:]}])

    def player(self, group, groups, random, now):
        """Everything of one group. Its strangers are the people of the next one."""
        model = Model(ITEMS, list(range(SCHOOLS)), now)
        place = self.region.municipalities[group]
        model.programme = self.programme(group)
        model.organisations = [self.region.ids[code] for code in place.schools]
        model.municipality = self.region.ids[place.code]
        elsewhere = (group + 1) % groups
        keys = {name: (group, name) for owner, name in self.accounts if owner == group}
        keys |= {name: (None, name) for owner, name in self.accounts if owner is None}
        keys |= {f"{role} elsewhere": (elsewhere, name) for role, name in
                 (("respondent", "respondent 0"), ("operator", "operator"), ("coordinator", "coordinator"))}
        people = {name: self.person(name, key) for name, key in keys.items()}
        clients = {name: [QuickClient(self.stack.address), QuickClient(self.stack.address)] for name in people}
        clients[NOBODY.name] = [QuickClient(self.stack.address)]
        player = Player(model, Moves(random, model, people), clients, Stack(self.stack.folder))
        player.keys = keys
        return player

    def person(self, name, key):
        role, *rest = name.split(" ")
        school = int(rest[0]) if rest and rest[0].isdigit() else -1
        return Person(name, role, "elsewhere" not in rest, school, getattr(self.accounts[key], "account_id", ""))

    @staticmethod
    def hand_out(player, tokens):
        """The sessions of the day."""
        for name, key in player.keys.items():
            for client in player.clients[name]:
                client.token = tokens[key].result()

    def close(self, keep=False):
        if self.world:
            self.world.close()
        if self.temporary is None or keep:
            self.stack.close()
            return
        self.stack.remove()
        shutil.rmtree(self.temporary, ignore_errors=True)
