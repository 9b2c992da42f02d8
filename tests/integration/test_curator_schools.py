"""A curator answers for named schools (S1.6): bound and taken away by the administrator, within the territory."""
import pytest

from vekha_client import Problem
from waiting import eventually


@pytest.fixture(scope="module")
def place(world):
    return world.region(municipalities=2, schools=3)


def bind(world, account_id, codes):
    return world.administrator.ask("PUT", "/api/v1/accounts/{id}/schools", {"codes": codes}, id=account_id)


def codes_of(client, account_id):
    return [one["code"] for one in client.get("/api/v1/accounts/{id}/schools", id=account_id)["schools"]]


def told(world, account_id, service="review"):
    """What another service has heard of it."""
    rows = world.stack.rows(service, "SELECT organisation_path FROM curator_school WHERE account_id = %s"
                            " ORDER BY organisation_path", account_id)
    return [row["organisation_path"] for row in rows]


def test_the_whole_list_is_set_at_once(world, place):
    """S1.4, S1.6: several schools of one curator, several curators of one school; what is not named any more is gone."""
    first, second = (world.person("curator", code) for code in [place.code, place.municipalities[0].authority])
    one, two, three = place.municipalities[0].schools
    reply = bind(world, first.account_id, [two, one, one])
    assert reply.status == 200
    assert [(school["code"], school["shortName"], school["municipalityName"])
            for school in reply.document["schools"]] == [
        (one, "МБОУ «СОШ № 1» 1", place.municipalities[0].name), (two, "МБОУ «СОШ № 2» 1", place.municipalities[0].name)]
    kept_since = reply.document["schools"][1]["boundAt"]
    bind(world, second.account_id, [one])
    assert codes_of(world.administrator, second.account_id) == [one]
    reply = bind(world, first.account_id, [two, three])
    assert [school["code"] for school in reply.document["schools"]] == [two, three]
    assert reply.document["schools"][0]["boundAt"] == kept_since
    eventually(lambda: told(world, first.account_id) == [two, three], 15, what="the others are told")
    assert told(world, second.account_id) == [one]
    # A curator reads the own schools and no others.
    cards = [first.ask("GET", "/api/v1/organisations/{id}", id=place.ids[code]) for code in (one, two, place.code)]
    assert [card.status for card in cards] == [404, 200, 404] and cards[1].document["email"] == "school@demo.example"
    assert codes_of(first, first.account_id) == [two, three]
    assert first.ask("GET", "/api/v1/accounts/{id}/schools", id=second.account_id).status == 404
    assert first.ask("PUT", "/api/v1/accounts/{id}/schools", {"codes": []}, id=first.account_id).status == 403


def test_only_schools_of_the_territory(world, place):
    """S1.6, S1.7: a curator from a school or an authority answers within its municipality; regions are apart."""
    elsewhere = world.region(schools=1)
    curator = world.person("curator", place.municipalities[0].schools[2])
    near, far = place.municipalities[0].schools[0], place.municipalities[1].schools[0]
    reply = bind(world, curator.account_id,
                 [near, far, elsewhere.schools[0], "nowhere", place.municipalities[0].code])
    assert reply.status == 422
    assert [(one["field"], one["code"]) for one in reply.document["violations"]] == [
        ("codes[1]", "outside_territory"), ("codes[2]", "outside_territory"), ("codes[3]", "unknown_organisation"),
        ("codes[4]", "not_reporting")]
    assert codes_of(world.administrator, curator.account_id) == []
    assert bind(world, curator.account_id, [near]).status == 200
    # An administrator of another region does not even find the account.
    stranger = world.person("administrator", elsewhere.code)
    assert stranger.ask("PUT", "/api/v1/accounts/{id}/schools", {"codes": []}, id=curator.account_id).status == 404
    assert stranger.ask("GET", "/api/v1/accounts/{id}/schools", id=curator.account_id).status == 404
    assert codes_of(world.administrator, curator.account_id) == [near]


def test_only_curators_have_schools(world, place):
    operator = world.issue("operator", place.code)
    reply = bind(world, operator["accountId"], [place.schools[0]])
    assert (reply.status, reply.document["code"]) == (409, "not_a_curator")
    with pytest.raises(Problem) as refused:
        codes_of(world.administrator, operator["accountId"])
    assert refused.value.code == "not_a_curator"


def test_a_closed_account_answers_for_nobody(world, place):
    """Closing takes the schools away; reopened, the account gets them anew or not at all."""
    issued = world.issue("curator", place.municipalities[1].code)
    account, school = issued["accountId"], place.municipalities[1].schools[0]
    bind(world, account, [school])
    eventually(lambda: told(world, account) == [school], 15, what="bound")
    world.administrator.put("/api/v1/accounts/{id}/closed", {"closed": True}, id=account)
    eventually(lambda: told(world, account) == [], 15, what="unbound")
    reply = bind(world, account, [school])
    assert (reply.status, reply.document["code"]) == (409, "account_closed")
    world.administrator.put("/api/v1/accounts/{id}/closed", {"closed": False}, id=account)
    assert codes_of(world.administrator, account) == []
    assert bind(world, account, [school]).status == 200


def test_the_audit_says_who_bound_whom(world, place):
    curator = world.issue("curator", place.municipalities[1].schools[1])
    first, second = place.municipalities[1].schools[:2]
    bind(world, curator["accountId"], [first, second])
    bind(world, curator["accountId"], [second])

    def records():
        reply = world.administrator.get("/api/v1/audit", query={"login": curator["login"]})["records"]
        found = [(one["act"], one["organisationId"]) for one in reply if one["act"].startswith("curator_")]
        assert {one["actorLogin"] for one in reply if one["act"].startswith("curator_")} <= {
            world.administrator.login_name}
        return found if len(found) == 3 else None
    assert eventually(records, 15, what="the records") == [
        ("curator_unbound", place.ids[first]), ("curator_bound", place.ids[second]), ("curator_bound", place.ids[first])]
    only = world.administrator.get("/api/v1/audit", query={"act": "curator_unbound", "login": curator["login"]})["records"]
    assert [one["organisationId"] for one in only] == [place.ids[first]]


def test_row_security_is_a_second_wall(world, place):
    curator = world.issue("curator", place.municipalities[0].code)
    school = place.municipalities[0].schools[0]
    bind(world, curator["accountId"], [school])
    for service in ("auth", "review", "files"):
        eventually(lambda of=service: told(world, curator["accountId"], of) == [school], 15, what=f"{service} is told")
        with world.stack.as_service(service) as connection, connection.cursor() as cursor:
            for scope, expected in (("", 0), (place.municipalities[1].code, 0), (place.code, 1), ("*", 1)):
                cursor.execute("SELECT set_config('vekha.scope', %s, false)", (scope,))
                cursor.execute("SELECT count(*) FROM curator_school WHERE account_id = %s", (curator["accountId"],))
                assert cursor.fetchone() == (expected,), (service, scope)
        connection.close()
