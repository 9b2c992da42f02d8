"""Who read or changed personal data is written down in a chain, and a changed chain is found."""
import os
import pathlib
import subprocess

import pytest
from vekha_client import Problem
from waiting import eventually


def records(world, **query):
    return world.administrator.get("/api/v1/audit", query={"limit": 500, **query})["records"]


def acts_of(world, login, wanted):
    """The acts in the order they happened, as soon as all of them are in the chain."""
    def found():
        acts = [one["act"] for one in reversed(records(world, login=login))]
        return acts if len(acts) >= wanted else None
    return eventually(found, 15, what=f"{wanted} records of {login}")


def verify(stack, *witness):
    build = pathlib.Path(os.environ.get("VEKHA_TEST_BUILD", "build/release"))
    dsn = next(line.split("=", 1)[1].strip() for line in (stack.folder / "etc" / "auth.conf").read_text().splitlines()
               if line.split("=")[0].strip() == "dsn")
    done = subprocess.run([build / "bin" / "vekha-audit", dsn, *witness], capture_output=True, text=True, timeout=60,
                          check=False)
    assert done.returncode in (0, 1), done.stderr
    return done


def test_what_an_account_goes_through_is_written_down(world):
    region = world.region(schools=1)
    person = world.respondent(region.schools[0])
    person.get("/api/v1/profile")
    with pytest.raises(Problem):
        world.client().login(person.login_name, "wrong-password")
    person.logout()
    world.administrator.post("/api/v1/accounts/{id}:resetPassword", id=person.account_id)
    world.administrator.put("/api/v1/accounts/{id}/closed", {"closed": True}, id=person.account_id)
    acts = acts_of(world, person.login_name, 9)
    assert acts == ["account_issued", "logged_in", "password_changed", "profile_saved", "profile_read", "login_refused",
                    "logged_out", "password_reset", "account_closed"]
    reset = records(world, login=person.login_name, act="password_reset")[0]
    assert reset["actorLogin"] == world.administrator.login_name and reset["accountLogin"] == person.login_name
    assert reset["organisationName"] and reset["clientAddress"]


def test_searches_narrow_and_pages_follow_each_other(world):
    region = world.region(schools=3)
    logins = {world.issue("respondent", code)["login"] for code in region.schools}
    school = region.ids[region.schools[0]]
    eventually(lambda: records(world, organisation_id=school), 15, what="a record of the school")
    assert {one["organisationId"] for one in records(world, organisation_id=school)} == {school}
    pages, before = [], None
    while page := world.administrator.get("/api/v1/audit", query={"limit": 2, "act": "account_issued",
                                                                  "before_number": before})["records"]:
        pages += page
        before = page[-1]["number"]
        if len(pages) > 40:
            break
    numbers = [int(one["number"]) for one in pages]
    assert numbers == sorted(set(numbers), reverse=True)
    assert logins <= {one["accountLogin"] for one in pages}
    assert not records(world, **{"from": "2100-01-01T00:00:00Z"})
    with pytest.raises(Problem) as refused:
        records(world, act="nothing")
    assert refused.value.fields == ["act"]


def test_who_reads_contacts_in_reports_is_written_down_once_per_reading(world):
    """D4: a report's pages and refreshes are one reading; another round, another unit or another login is another one."""
    region = world.region(municipalities=2, schools=2)
    round_ = world.open_round(region, organisations=4)
    coordinator = world.coordinator(region.code)
    contact = world.respondent(region.schools[0])
    place = region.ids[region.municipalities[0].code]
    school = region.ids[region.schools[0]]

    def read(client, path="/api/v1/reports/start", **query):
        return client.get(path, query={"round_id": round_["roundId"], **query})

    def seen():
        return [(one["act"], one["organisationId"]) for one in reversed(records(world, login=coordinator.login_name))
                if one["act"].startswith(("start_", "provided_"))]

    # Reporting hears of the round a moment later.
    eventually(lambda: coordinator.ask("GET", "/api/v1/reports/start", query={"round_id": round_["roundId"]}).status == 200,
               15, what="the report of the round")
    page = read(coordinator, limit=1)
    read(coordinator, limit=1, after_path=page["nextAfterPath"])
    read(coordinator)
    read(coordinator, municipality_id=place)
    read(coordinator, "/api/v1/reports/provided")
    read(coordinator, f"/api/v1/reports/provided/{school}")
    expected = [("start_report_read", ""), ("start_report_read", place), ("provided_report_read", ""),
                ("provided_values_read", school)]
    own = region.ids[region.code]
    expected = [(act, unit or own) for act, unit in expected]
    assert eventually(lambda: seen() if len(seen()) >= 4 else None, 15, what="four readings") == expected
    one = records(world, login=coordinator.login_name, act="provided_values_read")[0]
    assert (one["detail"], one["actorLogin"], one["organisationId"]) == (round_["name"], coordinator.login_name, school)
    assert one["clientAddress"] == records(world, login=coordinator.login_name, act="logged_in")[0]["clientAddress"]
    # Another session is another reading, a refused request is none.
    again = world.client()
    again.login(coordinator.login_name, coordinator.password)
    read(again)
    assert contact.ask("GET", "/api/v1/reports/start", query={"round_id": round_["roundId"]}).status == 403
    assert eventually(lambda: seen() if len(seen()) >= 5 else None, 15, what="five readings") == [
        *expected, ("start_report_read", own)]
    assert not [one for one in records(world, login=contact.login_name) if one["act"].startswith("start_")]


def test_nobody_else_reads_the_audit(world):
    region = world.region(schools=1)
    with pytest.raises(Problem) as refused:
        world.coordinator(region.code).get("/api/v1/audit")
    assert refused.value.status == 403


def test_a_changed_record_is_found(world, stack):
    region = world.region(schools=1)
    login = world.issue("respondent", region.schools[0])["login"]
    number = int(eventually(lambda: records(world, login=login), 15, what="a record")[0]["number"])
    whole = verify(stack)
    assert whole.returncode == 0, whole.stdout
    witness = whole.stdout.splitlines()[-1].split()

    detail = stack.value("auth", "SELECT detail FROM audit_record WHERE number = %s", number)
    stack.rows("auth", "UPDATE audit_record SET detail = 'somebody else' WHERE number = %s", number)
    assert verify(stack).stdout == f"record {number} was changed\n"
    stack.rows("auth", "UPDATE audit_record SET detail = %s WHERE number = %s", detail, number)
    assert verify(stack, *witness).returncode == 0

    last = int(witness[0])
    assert "had record" in verify(stack, str(last + 1_000_000), witness[1]).stdout
    assert "written anew" in verify(stack, witness[0], "0" * 64).stdout


def test_the_service_itself_cannot_change_the_chain(stack):
    may = [stack.value("auth", "SELECT has_table_privilege('auth', 'audit_record', %s)", right)
           for right in ("INSERT", "SELECT", "UPDATE", "DELETE", "TRUNCATE")]
    assert may == [True, True, False, False, False]
