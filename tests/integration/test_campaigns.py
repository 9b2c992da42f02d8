"""The monthly campaign: its table, its letter, whom it reaches, what has become of each letter (S2.3, S2.5-S2.8)."""
from types import SimpleNamespace

import pytest
from campaigns import give_addresses, own_address, send
from smtp import text_of
from vekha_client import Problem
from waiting import eventually

from builders import item, participants


@pytest.fixture(scope="module")
def scene(world):
    """The campaign of the source: 5 indicators for named schools, 1 for authorities, 7 and 1 for all schools."""
    region = world.region(municipalities=2, schools=3)
    none, unknown, *_ = region.schools

    def address_of(code):
        return {none: "", unknown: f"nobody-{own_address(code)}"}.get(code, own_address(code))
    give_addresses(world, region, address_of)
    technology = [item(f"technology-{n}", participants=participants("listed", codes=region.schools[:2])) for n in range(5)]
    plans = [item("plan-authority", participants=participants("all_authorities"))] + \
        [item(f"plan-{n}") for n in range(7)]
    sections = [{"code": "technology", "title": "Предметная область «Технология»", "items": technology},
                {"code": "plans", "title": "Индивидуальный учебный план", "items": plans},
                {"code": "projectoria", "title": "«Проектория»", "items": [item("projectoria")]}]
    world.wait_for_organisations(region)
    round_ = world.round(world.programme(region, sections=sections), region, due_in=9)
    world.wait_open(round_["roundId"], 8)
    world.wait_until_heard("deadlines", "submissions")
    return SimpleNamespace(world=world, stack=world.stack, region=region, round=round_, none=none, unknown=unknown,
                           author=world.coordinator(region.code),
                           municipal=world.coordinator(region.authorities[0]))


def draft(scene, author=None):
    return (author or scene.author).post("/api/v1/campaigns", {"roundId": scene.round["roundId"]})


def get(scene, campaign):
    return scene.author.get("/api/v1/campaigns/{id}", id=campaign["campaignId"])


def letters(scene, campaign, **query):
    return scene.author.get("/api/v1/campaigns/{id}/letters", query=query, id=campaign["campaignId"])


def finished(scene, campaign, **counts):
    """As soon as the letters stand so."""
    return eventually(lambda: (seen := get(scene, campaign)["progress"]) and
                      all(seen[name] == count for name, count in counts.items()) and seen, 15, what=f"{counts}")


def test_table_and_audience_of_a_draft(scene):
    campaign = draft(scene)
    assert [(row["title"], row["indicators"], row["participants"]) for row in campaign["groups"]] == [
        ("Предметная область «Технология»", 5,
         f"2 организации: МБОУ «СОШ {scene.region.schools[0]}», МБОУ «СОШ {scene.region.schools[1]}»"),
        ("Индивидуальный учебный план", 1, "Все МОУО"),
        ("Индивидуальный учебный план", 7, "Все общеобразовательные организации"),
        ("«Проектория»", 1, "Все общеобразовательные организации")]
    assert campaign["indicators"] == 14 and campaign["text"].count("Количество показателей") == 4
    day = ".".join(reversed(campaign["dueOn"].split("-")))
    assert f"в срок до {day} включительно" in campaign["text"] and "Итого: 14" in campaign["text"]
    audience = scene.author.get("/api/v1/campaigns/{id}/audience", id=campaign["campaignId"])
    # Two authorities and one school have no address.
    assert (audience["organisations"], audience["addresses"], audience["organisationsWithoutAddress"]) == (8, 5, 3)
    assert [one["addresses"] for one in audience["territories"]] == [2, 3]
    assert f"МБОУ «СОШ {scene.none}»" in [one["name"] for one in audience["withoutAddress"]]

    smaller = scene.author.put(
        "/api/v1/campaigns/{id}", {"subject": "Сентябрь", "words": "Первая строка\n<b>&", "organisationIds":
                                   [scene.region.ids[scene.region.municipalities[1].code]]},
        id=campaign["campaignId"], version=campaign["version"])
    assert smaller["organisationNames"] == [scene.region.municipalities[1].name]
    assert smaller["groups"][0]["participants"] == "Все МОУО"
    assert scene.author.get("/api/v1/campaigns/{id}/audience", id=campaign["campaignId"])["addresses"] == 3
    with pytest.raises(Problem) as stale:
        send(scene.author, campaign)
    assert stale.value.status == 412
    scene.author.delete("/api/v1/campaigns/{id}", id=campaign["campaignId"])


def test_sent_bounced_and_tried_again(scene):
    campaign = send(scene.author, draft(scene))
    finished(scene, campaign, sent=4, failed=1, waiting=0, sending=0)
    [mail] = scene.stack.mails(own_address(scene.region.schools[2]))
    assert mail["Subject"] == campaign["subject"] and text_of(mail) == campaign["text"]
    table = mail.get_body(("html",)).get_content()
    for words in ("Наименование группы показателей", "Количество показателей", "Участники мониторинга", "Итого",
                  "Все МОУО"):
        assert words in table
    [bounced] = letters(scene, campaign, state="failed")["letters"]
    assert bounced["address"].startswith("nobody-") and bounced["problem"] == "550 5.1.1 no such mailbox"
    found = letters(scene, campaign, query=f"сош {scene.region.schools[3]}")
    assert (found["total"], found["letters"][0]["state"]) == (1, "sent")
    page = letters(scene, campaign, limit=2)
    rest = letters(scene, campaign, limit=10, after_letter_id=page["letters"][-1]["letterId"])
    assert (page["total"], len(page["letters"]), len(rest["letters"])) == (5, 2, 3)
    # Whoever reads addresses is in the audit.
    eventually(lambda: [one for one in scene.world.administrator.get(
        "/api/v1/audit", query={"act": "message_addressees_read"})["records"]
        if one["detail"] == campaign["subject"]], 15, what="the audit")
    scene.author.post("/api/v1/campaigns/{id}:retry", {}, id=campaign["campaignId"])
    eventually(lambda: letters(scene, campaign, state="failed")["total"] == 1, 15, what="refused again")
    assert len(scene.stack.mails(own_address(scene.region.schools[2]))) == 1
    with pytest.raises(Problem) as twice:
        send(scene.author, get(scene, campaign))
    assert twice.value.status == 409


def test_stopped_letters_stay_until_it_goes_on(scene):
    refuse = scene.stack.folder / "mail" / "refuse"
    before = len(scene.stack.mails(own_address(scene.region.schools[3])))
    refuse.touch()
    try:
        campaign = send(scene.author, draft(scene))
        finished(scene, campaign, retrying=4, failed=1)
        stopped = scene.author.post("/api/v1/campaigns/{id}:stop", {}, id=campaign["campaignId"])
        assert (stopped["state"], stopped["progress"]["stopped"]) == ("stopped", 4)
    finally:
        refuse.unlink()
    with pytest.raises(Problem) as held:
        scene.author.post("/api/v1/campaigns/{id}:retry", {}, id=campaign["campaignId"])
    assert held.value.status == 409
    # A campaign that is sent afterwards overtakes it: what was stopped is not merely late.
    other = send(scene.author, draft(scene))
    finished(scene, other, sent=4, failed=1)
    assert get(scene, campaign)["progress"]["stopped"] == 4
    scene.author.post("/api/v1/campaigns/{id}:resume", {}, id=campaign["campaignId"])
    finished(scene, campaign, sent=4, failed=1, stopped=0)
    assert len(scene.stack.mails(own_address(scene.region.schools[3]))) == before + 2


def test_each_in_their_own_territory(scene):
    whole = draft(scene)
    with pytest.raises(Problem) as hidden:
        scene.municipal.get("/api/v1/campaigns/{id}", id=whole["campaignId"])
    assert hidden.value.status == 404
    own = draft(scene, scene.municipal)
    audience = scene.municipal.get("/api/v1/campaigns/{id}/audience", id=own["campaignId"])
    assert (audience["organisations"], audience["addresses"]) == (4, 2)
    with pytest.raises(Problem) as foreign:
        scene.municipal.put("/api/v1/campaigns/{id}", {"subject": "Чужие", "organisationIds": [
            scene.region.ids[scene.region.municipalities[1].code]]}, id=own["campaignId"], version=own["version"])
    assert foreign.value.status == 422
    seen = [one["campaignId"] for one in scene.author.get("/api/v1/campaigns")["campaigns"]]
    assert seen.index(own["campaignId"]) < seen.index(whole["campaignId"])
    assert own["campaignId"] in [one["campaignId"] for one in scene.municipal.get("/api/v1/campaigns")["campaigns"]]
