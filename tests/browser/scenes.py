"""Prepares what a browser test begins with, over HTTP, and prints it as JSON: scenes.py NAME [JSON options]."""
import datetime
import json
import os
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from builders import World, item, participants, with_evidence  # noqa: E402
from campaigns import give_addresses, own_address, received  # noqa: E402
from pdf import pdf  # noqa: E402
from scene_people import entered, person  # noqa: E402
from scenes_forecast import forecasts, forecasts_over  # noqa: E402
from scenes_roadmaps import document, form, moved, named, plan, plans, reload, remark, roadmap, spending, waited  # noqa: E402
from smtp import text_of  # noqa: E402
from stack import ROOT, Stack  # noqa: E402
from waiting import eventually  # noqa: E402


def newcomer(world, options):
    """Somebody with a one-time password."""
    region = world.region(schools=1)
    issued = world.issue(options.get("role", "respondent"), region.schools[0])
    return {"login": issued["login"], "password": issued["oneTimePassword"]}


def everybody(world, options):
    """A region with an open round of one indicator of each kind, and one person of each role, or of those in `people`."""
    region = world.region(municipalities=options.get("municipalities", 2), schools=options.get("schools", 2))
    round_ = world.open_round(region, options.get("items"), organisations=len(region.schools))
    makers = {
        "respondent": lambda: world.respondent(region.schools[0]),
        "neighbour": lambda: world.respondent(region.schools[1]),
        "operator": lambda: world.operator(region.code),
        "municipalCoordinator": lambda: world.coordinator(region.authorities[0]),
        "coordinator": lambda: world.coordinator(region.code),
        "administrator": lambda: world.administrator,
    }
    if options.get("twoOperators"):
        makers["secondOperator"] = lambda: world.operator(region.superior)
    people = {name: person(make()) for name, make in makers.items() if name in options.get("people", makers)}
    return {"round": round_, "region": region.code, "schools": region.schools, **people}


def reports(world, options):
    """Of the first municipality's schools one has sent a value, one has a draft, one was told to correct, one has only
    logged in; all others have never been in the system."""
    region = world.region(municipalities=options.get("municipalities", 2), schools=options.get("schools", 30))
    items = [item("one", unit="чел."), item("two", "percent"), with_evidence("three")]
    round_ = world.open_round(region, items, organisations=len(region.schools))
    operator, coordinator = world.operator(region.code), world.coordinator(region.code)
    sender, drafter, corrector, idler = (world.respondent(code) for code in region.schools[:4])
    sent = world.send(sender, world.assignment(sender, "one"), "120")
    proven = world.attach(sender, world.save(sender, world.assignment(sender, "three"), "7"), pdf(), "Приказ.pdf")
    proven = world.submit(sender, proven)
    second = world.send(sender, world.assignment(sender, "two"), "34", "120")
    world.save(drafter, world.assignment(drafter, "one"), "17")
    corrected = world.send(corrector, world.assignment(corrector, "one"), "1233")
    world.reject(operator, corrected, "Число больше, чем учеников в школе")
    world.entry(operator, sent)
    world.entry(operator, proven)
    world.entry(operator, second)

    def settled():
        rows = coordinator.get("/api/v1/reports/provided", query={"round_id": round_["roundId"]})["rows"]
        return [(row["filled"], row["drafts"], row["rejected"]) for row in rows[:3]] == [(3, 0, 0), (0, 1, 0), (0, 0, 1)]
    eventually(settled, 15, what="the reports know")
    municipal = world.coordinator(region.authorities[1])
    curator = world.person("curator", region.schools[0]) if options.get("curator") else None
    if options.get("message"):
        world.wait_until_heard("deadlines", "auth")
    if options.get("campaign"):
        world.wait_until_heard("deadlines", "auth", "submissions")
    return {
        "round": round_["roundId"],
        "municipalities": [{"name": one.name, "id": region.ids[one.code]} for one in region.municipalities],
        "organisations": [region.ids[code] for code in region.schools],
        "sent": sent["assignmentId"],
        "second": second["assignmentId"],
        "proven": proven["assignmentId"],
        "respondents": [person(one) for one in (sender, drafter, corrector, idler)],
        "operator": person(operator),
        "coordinator": person(coordinator),
        "municipalCoordinator": person(municipal),
        "curator": person(curator) if curator else None,
        "administrator": person(world.administrator),
        "message": invite(world, coordinator) if options.get("message") else None,
        "campaign": mail_out(coordinator, round_) if options.get("campaign") else None,
        "slice": coordinator.post("/api/v1/slices", {"roundId": round_["roundId"]})["sliceId"] if options.get("slice") else None,
    }


def judge(world, options):
    """An operator's verdict: {operator, assignment, resolution}, without a resolution it is accepted."""
    operator = entered(world, options["operator"])

    def waiting():
        reply = operator.ask("GET", "/api/v1/queue/{id}", id=options["assignment"])
        return reply.document if reply.status == 200 and reply.document["state"] in ("waiting", "opened") else None
    entry = eventually(waiting, 15, what="the answer waits for a verdict")
    verb = "reject" if options.get("resolution") else "accept"
    body = {"resolution": options["resolution"]} if verb == "reject" else None
    return operator.post("/api/v1/queue/{id}:" + verb, body, id=entry["assignmentId"], version=entry["version"])


def saved(world, options):
    """The same person saves a value at another computer: {respondent, assignment, value, secondValue}."""
    respondent = entered(world, options["respondent"])
    assignment = world.fresh(respondent, {"assignmentId": options["assignment"]})
    return world.save(respondent, assignment, options["value"], options.get("secondValue", ""))


def revoked(world, options):
    """Every other session of `person` is ended from another computer."""
    client = entered(world, options["person"])
    others = [one for one in client.get("/api/v1/sessions")["sessions"] if not one["current"]]
    for one in others:
        client.delete("/api/v1/sessions/{id}", id=one["sessionId"])
    return {"ended": len(others)}


def launch(world, options):
    """What an administrator begins a launch with: a region of four schools and a programme, nothing asked yet."""
    region = world.region(municipalities=2, schools=options.get("schools", 2))
    world.wait_for_organisations(region)
    code = world.programme(region)
    known = world.administrator.get("/api/v1/programmes/{code}", code=code)
    file = {"title": known["title"], "zone": known["zone"], "organisationCode": region.code, "sections": known["sections"]}
    for section in file["sections"]:
        for item in section["items"]:
            item.pop("itemId")
    return {"administrator": person(world.administrator), "today": str(world.today(region.zone)), "region": region.code,
            "municipality": region.municipalities[0].name, "municipalityCode": region.municipalities[0].code,
            "programme": {"code": code, "title": known["title"], "file": file, "schools": region.schools}}


def repair(world, options):
    """The programme of school repairs as its file stands, but for its region and its title: one of two schools is asked."""
    region = world.region(municipalities=1, schools=2, attributes={0: "kvantorium"})
    world.wait_for_organisations(region)
    file = json.loads((ROOT / "programmes" / "school-repair.json").read_text())
    # Lists show titles: this one is the only one of its name.
    file = {**file, "organisationCode": region.code, "title": f"{file['title']}, {region.code}"}
    return {"file": file, "code": f"repair-{region.code}", "today": str(world.today(region.zone)),
            "administrator": person(world.administrator), "school": person(world.respondent(region.schools[0])),
            "operator": person(world.operator(region.code)), "coordinator": person(world.coordinator(region.code))}


def opened(world, options):
    """Waits until the only round of a programme has opened by itself: {programme, organisations}."""
    rounds = world.administrator.get("/api/v1/rounds", query={"programmeCode": options["programme"]})["rounds"]
    return world.wait_open(rounds[0]["roundId"], options["organisations"])


def drafts(world, options):
    """An open round with one answer begun and not sent."""
    region = world.region(schools=2)
    round_ = world.open_round(region, organisations=len(region.schools))
    respondent = world.respondent(region.schools[0])
    assignment = world.save(respondent, world.assignment(respondent, "number", round_["roundId"]), "12")
    return {"administrator": person(world.administrator), "round": round_, "assignment": assignment["assignmentId"]}


def extend(world, options):
    """Somebody else moves the due date of a round."""
    seen = world.administrator.get("/api/v1/rounds/{id}", id=options["roundId"])
    return world.administrator.ask("PATCH", "/api/v1/rounds/{id}", {"dueOn": options["dueOn"]}, id=seen["roundId"],
                                   version=seen["version"]).document


def process(world, options):
    """{name, act}: stops a process of the system or starts it again."""
    getattr(world.stack, {"stop": "stop", "start": "start"}[options["act"]])(options["name"])
    return {}


def queue(world, options):
    """What waits for two operators: a number, a percent and a number with a PDF of each school; yes or no is not sent."""
    region = world.region(municipalities=2, schools=options.get("schools", 1))
    items = [item("pupils", unit="чел.", question="Сколько детей занимается в кружках технической направленности"),
             item("share", "percent", question="Сколько учителей повысили квалификацию",
                  secondQuestion="Сколько учителей всего"),
             item("plan", "yes_no", question="Утверждён ли план мероприятий"),
             with_evidence("order", question="Сколько договоров о сетевой форме заключено")]
    round_ = world.open_round(region, items, organisations=len(region.schools))
    authors = [world.respondent(code) for code in region.schools]
    for number, author in enumerate(authors):
        world.send(author, world.assignment(author, "pupils"), str(100 + number))
        world.send(author, world.assignment(author, "share"), "34", "120")
        order = world.save(author, world.assignment(author, "order"), str(number + 1))
        content = pdf(pages=2, text=f"Order {number + 1}")
        last = world.submit(author, world.attach(author, order, content, "Приказ.pdf"))
    operator = world.operator(region.code)
    world.entry(operator, last)
    return {"round": round_, "authors": [person(author) for author in authors], "operator": person(operator),
            # Of the first municipality only.
            "colleague": person(world.operator(region.municipalities[0].code))}


def again(world, options):
    """What was accepted in one round is asked for in the next: 100 before, 250 now, waiting for the operator."""
    region = world.region(schools=1)
    world.wait_for_organisations(region)
    programme = world.programme(region, [item("pupils", unit="чел.")])
    author, operator = world.respondent(region.schools[0]), world.operator(region.code)

    def sent(name, value):
        round_ = world.wait_open(world.round(programme, region, name=name)["roundId"], 1)
        return world.send(author, world.assignment(author, "pupils", round_["roundId"]), value)
    before = sent("Первый период", "100")
    world.accept(operator, before)
    world.wait_state(author, before, "accepted")
    world.entry(operator, sent("Второй период", "250"))
    return {"operator": person(operator)}


def send(world, options):
    """Somebody sends a value now; what waits already is taken back first."""
    author = entered(world, options["person"])
    assignment = world.assignment(author, options["item"])
    if assignment["state"] == "in_review":
        author.post("/api/v1/assignments/{id}:withdraw", id=assignment["assignmentId"], version=assignment["version"])
        assignment = world.wait_state(author, assignment, "ready")
    return world.send(author, assignment, options["value"])


def placed(world, options):
    """A school places another document on what was sent back, and sends it: {person, assignment}."""
    author = entered(world, options["person"])
    assignment = world.wait_state(author, {"assignmentId": options["assignment"]}, "rejected")
    return world.submit(author, world.attach(author, assignment, pdf(), "Программа с подписью.pdf"))


def notified(world, options):
    """Waits until somebody has so many notifications."""
    client = entered(world, options["person"])

    def told():
        listed = client.get("/api/v1/notifications")["notifications"]
        return listed if len(listed) >= options["count"] else None
    return eventually(told, 15, what="the notifications")


def messages(world, options):
    """A region whose coordinator writes to those below."""
    region = world.region(municipalities=2, schools=2)
    first = region.municipalities[0]
    if options.get("round"):
        world.open_round(region, [item("number")], organisations=4)
    coordinator, municipal = world.coordinator(region.code), world.coordinator(first.authority)
    people = {"coordinator": coordinator, "municipal": municipal, "head": world.respondent(region.schools[0]),
              "operator": world.operator(region.code), "curator": world.curator(region.code, [region.schools[0]])}
    world.wait_until_heard("deadlines", "auth")
    return {"day": str(world.today() + datetime.timedelta(days=5)), **{name: person(client) for name, client in people.items()}}


def invite(world, author):
    """A consultation for everybody below: the message that has the most to show."""
    made = author.post("/api/v1/messages", {"content": {
        "kind": "consultation", "subject": "Заполнение рискового профиля", "text": "Участие обязательно.",
        "levels": ["municipality", "operator", "curator", "authority", "school"], "asksAcknowledgement": True,
        "startsOn": str(world.today() + datetime.timedelta(days=5)), "startsTime": "16:30", "durationMinutes": 60,
        "connection": {"link": "https://conference.example/j/1", "conferenceId": "834 4516 1203", "accessCode": "490"},
        "links": [{"title": "Отчёт о начале", "address": "/reports/start"}]}})
    return author.post("/api/v1/messages/{id}:send", id=made["messageId"], version=made["version"])["messageId"]


def mail_out(author, round_):
    """A mailing to everybody whom the round asks."""
    made = author.post("/api/v1/campaigns", {"roundId": round_["roundId"]})
    return author.post("/api/v1/campaigns/{id}:send", id=made["campaignId"], version=made["version"])["campaignId"]


def asked(world, options):
    """A region whose schools have addresses of their own: one of them does not exist, one school has none. The mail
    server is slow, so that somebody can see letters on their way."""
    region = world.region(municipalities=2, schools=options["schools"])
    none, nobody, *_ = region.schools
    give_addresses(world, region, lambda code: {none: "", nobody: "nobody-" + own_address(code)}.get(code, own_address(code)))
    items = [item("one"), item("two"), item("three", participants=participants("all_authorities"))]
    round_ = world.open_round(region, items, organisations=len(region.schools) + 2)
    world.wait_until_heard("deadlines", "auth", "submissions")
    return {"coordinator": person(world.coordinator(region.code)), "municipality": region.municipalities[1].name,
            "nobody": "nobody-" + own_address(nobody), "school": region.schools[-1], "round": round_["roundId"]}


def mail_server(world, options):
    """What the mail server does from now on: {slow: true}, {refuse: true}; and how many letters of the crowd it kept."""
    folder = world.stack.folder / "mail"
    for name in ("slow", "refuse"):
        if options.get(name):
            (folder / name).touch()
        else:
            (folder / name).unlink(missing_ok=True)
    return {"received": dict(received(world.stack.folder))}


def next_round(world, options):
    """Of the same programme as a round that is there, open beside it, with the mailing that was prepared about it."""
    before = world.administrator.get("/api/v1/rounds/{id}", id=options["round"])
    days = {name: before[name] for name in ("programmeCode", "opensOn", "dueOn", "closedUntil")}
    made = world.administrator.post("/api/v1/rounds", {"name": options["name"], **days})
    world.wait_open(made["roundId"], before["organisations"])
    eventually(lambda: world.stack.value("deadlines", "SELECT count(*) FROM campaign WHERE round_id = %s AND by_itself",
                                         made["roundId"]) == 1, 20, what="the mailing")
    return {"roundId": made["roundId"]}


def issued(world, options):
    """Accounts that nobody has entered yet: of one school whose address is right, and of one whose is not."""
    region = world.region(municipalities=1, schools=2)
    nobody, school = region.schools
    give_addresses(world, region, lambda code: own_address(code) if code == school else "nobody-" + own_address(code))
    logins = {name: world.issue("respondent", code)["login"] for name, code in (("nobody", nobody), ("school", school))}
    world.wait_until_heard("deadlines", "auth")
    return {"administrator": person(world.administrator), "address": own_address(school), "region": region.code, **logins}


def access_link(world, options):
    """Where the link of the letter to an address leads, as soon as it is there and holds."""
    mails = eventually(lambda: world.stack.mails(options["address"]), 15, what="the letter")
    world.wait_until_heard("auth", "deadlines")
    return {"link": re.search(r"https?://\S+#entry=\S+", text_of(mails[-1])).group()}


def opened_feed(world, options):
    """The feed's door is open; there is a region to issue a key to."""
    world.stack.configure("--feed")
    region = world.region(municipalities=1, schools=1)
    return {"administrator": person(world.administrator), "territory": f"Область {region.code}", "code": region.code}


def reads_feed(world, options):
    """What the door says to this pair of keys: "opens", or who it is that refuses."""
    import zmq
    from feed import Subscriber
    door = world.administrator.get("/api/v1/feed/keys")
    with Subscriber(door, (options["publicKey"].encode(), options["secretKey"].encode())) as subscriber:
        subscriber.ask(from_now=True)
        if subscriber.is_refused(zmq.EVENT_HANDSHAKE_FAILED_AUTH):
            return {"door": "refuses"}
        return {"door": "opens" if subscriber.answer() else "is silent"}


SCENES = {scene.__name__: scene for scene in (newcomer, everybody, reports, judge, saved, revoked, launch, drafts,
                                               extend, process, queue, again, send, notified, plans, roadmap,
                                               plan, moved, remark, document, reload, repair, opened,
                                               spending, named, placed, messages, waited, form, opened_feed, asked, next_round,
                                               issued, access_link, forecasts, forecasts_over,
                                               reads_feed, mail_server)}


def main():
    stack = Stack(os.environ["VEKHA_TEST_STACK"])
    world = World(stack)
    try:
        options = json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
        print(json.dumps(SCENES[sys.argv[1]](world, options), default=str))
    finally:
        world.close()
        stack.close()


if __name__ == "__main__":
    main()
