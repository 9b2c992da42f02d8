"""What an administrator's pages ask: how many accounts there would be, who never came, an organisation's history, how
far a round is."""
import pytest
from vekha_client import Problem
from waiting import eventually


def test_a_forecast_issues_nothing(world):
    region = world.region(schools=3)
    wish = {"role": "ROLE_RESPONDENT", "kinds": ["school"], "belowPath": region.code}
    forecast = world.administrator.post("/api/v1/accounts:issue", {**wish, "dryRun": True})
    assert forecast == {"accounts": [], "remaining": 3}
    issued = world.administrator.post("/api/v1/accounts:issue", {**wish, "limit": 2})
    assert len(issued["accounts"]) == 2 and issued["remaining"] == 1
    assert world.administrator.post("/api/v1/accounts:issue", {**wish, "dryRun": True})["remaining"] == 1


def test_several_of_one_role_are_issued_to_one_organisation_and_no_more_when_repeated(world):
    region = world.region(municipalities=2, schools=1)
    first = world.issue("operator", region.code)
    wish = {"role": "ROLE_OPERATOR", "codes": [region.code], "perOrganisation": 3}
    issued = world.administrator.post("/api/v1/accounts:issue", {**wish, "limit": 1})
    assert (len(issued["accounts"]), issued["remaining"]) == (1, 1)
    rest = world.administrator.post("/api/v1/accounts:issue", wish)
    assert (len(rest["accounts"]), rest["remaining"]) == (1, 0)
    assert world.administrator.post("/api/v1/accounts:issue", wish) == {"accounts": [], "remaining": 0}
    logins = [first["login"], issued["accounts"][0]["login"], rest["accounts"][0]["login"]]
    assert logins == [f"{region.code}-o", f"{region.code}-o2", f"{region.code}-o3"]
    # One is closed: again it is one too few, and the fewer are asked for the less is missing.
    world.administrator.put("/api/v1/accounts/{id}/closed", {"closed": True}, id=first["accountId"])
    assert world.administrator.post("/api/v1/accounts:issue", {**wish, "perOrganisation": 2})["accounts"] == []
    assert world.administrator.post("/api/v1/accounts:issue", wish)["accounts"][0]["login"] == f"{region.code}-o4"
    # In bulk: two for each school, beside the one that a school has already.
    world.issue("respondent", region.schools[0])
    bulk = {"role": "ROLE_RESPONDENT", "kinds": ["school"], "belowPath": region.code, "perOrganisation": 2}
    assert world.administrator.post("/api/v1/accounts:issue", {**bulk, "dryRun": True})["remaining"] == 3
    assert len(world.administrator.post("/api/v1/accounts:issue", bulk)["accounts"]) == 3
    assert world.administrator.post("/api/v1/accounts:issue", bulk)["accounts"] == []
    with pytest.raises(Problem) as refused:
        world.administrator.post("/api/v1/accounts:issue", {**wish, "perOrganisation": 21})
    assert refused.value.fields == ["perOrganisation"]
    # Two of them work side by side.
    for one in (issued["accounts"][0], rest["accounts"][0]):
        person = world.make_ready(world.client(), one["login"], one["oneTimePassword"])
        assert person.get("/api/v1/queue")["entries"] == []


def test_accounts_are_found_by_their_state(world):
    region = world.region(schools=3)
    person = world.respondent(region.schools[0])
    waiting = world.issue("respondent", region.schools[1])
    gone = world.issue("respondent", region.schools[2])
    world.administrator.put("/api/v1/accounts/{id}/closed", {"closed": True}, id=gone["accountId"])

    def logins(state):
        reply = world.administrator.get("/api/v1/accounts", query={"query": region.code, "state": state, "limit": 1})
        rest = world.administrator.get("/api/v1/accounts", query={"query": region.code, "state": state})["accounts"]
        assert reply["total"] == len(rest)
        return {account["login"] for account in rest}
    assert logins("never") == {waiting["login"]}
    assert logins("closed") == {gone["login"]}
    assert logins("open") == {person.login_name, waiting["login"]}
    assert logins("") == {person.login_name, waiting["login"], gone["login"]}
    with pytest.raises(Problem) as refused:
        logins("lost")
    assert refused.value.fields == ["state"]


def test_the_history_of_an_organisation_is_read_period_by_period(world):
    region = world.region(schools=1)
    code = region.schools[0]
    row = {"code": code, "parent_code": region.municipalities[0].code, "kind": "school"}
    world.import_organisations([{**row, "short_name": "Лицей № 1", "valid_from": "2020-01-01"}])
    history = world.administrator.get("/api/v1/organisations/{id}/versions", id=region.ids[code])["versions"]
    assert [(one["shortName"], one["validFrom"], one["validTo"]) for one in history] == [
        ("Лицей № 1", "2020-01-01", ""), ("МБОУ «СОШ № 1» 1", "2019-01-01", "2020-01-01")]
    assert history[0]["municipalityName"] == region.municipalities[0].name
    with pytest.raises(Problem) as missing:
        world.administrator.get("/api/v1/organisations/{id}/versions", id="00000000-0000-0000-0000-000000000000")
    assert missing.value.status == 404


def test_a_round_says_how_far_it_is(world):
    region = world.region(schools=2)
    round_ = world.open_round(region, organisations=2)
    respondent = world.respondent(region.schools[0])
    operator = world.operator(region.code)
    world.save(respondent, world.assignment(respondent, "number"), "5")
    for code, judge in (("yes-no", world.accept), ("percent", world.reject)):
        values = ("yes",) if code == "yes-no" else ("1", "4")
        sent = world.send(respondent, world.assignment(respondent, code), *values)
        judge(operator, sent)
        world.wait_state(respondent, sent, "accepted" if code == "yes-no" else "rejected")
    seen = world.administrator.get("/api/v1/rounds/{id}", id=round_["roundId"])
    assert {name: seen[name] for name in ("assignments", "unsent", "inReview", "accepted", "rejected")} == {
        "assignments": 12, "unsent": 1, "inReview": 0, "accepted": 1, "rejected": 1}


def test_the_brokers_say_who_serves_what(world, stack):
    services = world.administrator.get("/api/v1/services")
    lanes = {lane["name"]: lane for lane in services["lanes"]}
    assert {"auth", "auth/hash", "submissions", "review", "files", "reporting", "deadlines"} <= set(lanes)
    assert all(lane["workers"] > 0 for lane in lanes.values())
    assert int(services["requests"]) > 0
    replicas = {one["process"].split("@")[0]: one for one in services["replicas"]}
    assert set(replicas) == {"auth", "submissions", "review", "files", "reporting", "deadlines"}
    assert sum(one["workers"] for one in replicas.values()) == sum(lane["workers"] for lane in lanes.values())
    assert {lag["stream"] for lag in replicas["reporting"]["lags"]} == {"auth", "submissions", "deadlines"}
    broker = stack.metrics("broker-1")
    assert broker['vekha_broker_workers{lane="auth"}'] == lanes["auth"]["workers"]
    region = world.region(schools=1)
    with pytest.raises(Problem) as refused:
        world.operator(region.code).get("/api/v1/services")
    assert refused.value.status == 403


def test_a_service_that_cannot_apply_events_is_seen_to_fall_behind(world, stack):
    def behind():
        replicas = world.administrator.get("/api/v1/services")["replicas"]
        return [lag["behind"] for one in replicas if one["service"] == "reporting" for lag in one["lags"]
                if lag["stream"] == "auth"]
    eventually(lambda: behind() == ["0"], 15, what="reporting has applied everything of auth")
    holder = stack.as_service("reporting")
    # Else the lock is gone with its statement.
    holder.autocommit = False
    try:
        with holder.cursor() as cursor:
            cursor.execute("SELECT number FROM inbox_position WHERE stream = 'auth' FOR UPDATE")
        world.region(schools=3)
        eventually(lambda: int(behind()[0]) >= 7, 15, what="seven organisations wait")
        holder.rollback()
        eventually(lambda: behind() == ["0"], 15, what="reporting has caught up")
    finally:
        holder.close()
