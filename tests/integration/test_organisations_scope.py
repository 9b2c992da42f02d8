"""Who sees which part of the tree: S2.46, S2.47 (two cabinets of one authority), territory, the second wall."""
import pytest

from vekha_client import Problem


@pytest.fixture(scope="module")
def region(world):
    return world.region(municipalities=2, schools=2)


@pytest.fixture(scope="module")
def elsewhere(world):
    return world.region(municipalities=1, schools=1)


@pytest.fixture(scope="module")
def people(world, region):
    here = region.municipalities[0]
    return {"respondent": world.respondent(here.authority), "coordinator": world.coordinator(here.authority),
            "regional": world.coordinator(region.code), "operator": world.operator(region.code),
            "school": world.respondent(here.schools[0])}


def visible(client, ids, code):
    reply = client.ask("GET", "/api/v1/organisations/{id}", id=ids[code])
    assert reply.status in (200, 404)
    return reply.status == 200


def test_s2_46_s2_47_an_authority_has_two_cabinets_with_a_login_each(people, region):
    filling, overseeing = people["respondent"], people["coordinator"]
    assert filling.account["role"] == "ROLE_RESPONDENT" and overseeing.account["role"] == "ROLE_COORDINATOR"
    assert filling.login_name.endswith("-r") and overseeing.login_name.endswith("-k")
    assert filling.account["organisationId"] == overseeing.account["organisationId"]
    assert filling.account["organisationPath"] == region.municipalities[0].authority
    assert overseeing.account["organisationPath"] == region.municipalities[0].code


def test_a_municipal_coordinator_lists_the_municipality_only(people, region):
    listed = people["coordinator"].get("/api/v1/organisations")
    town = region.municipalities[0]
    assert [one["path"] for one in listed["organisations"]] == sorted([town.code, town.authority, *town.schools])
    assert listed["total"] == 4
    outside = people["coordinator"].get("/api/v1/organisations", query={"below_path": region.municipalities[1].code})
    assert outside["total"] == 0


def test_a_regional_coordinator_and_an_operator_list_the_region(people, region):
    for who in ["regional", "operator"]:
        listed = people[who].get("/api/v1/organisations", query={"limit": 1000})
        assert {one["path"] for one in listed["organisations"]} == set(region.ids)


@pytest.mark.parametrize("who, sees", [
    ("school", "own"), ("respondent", "authority"), ("coordinator", "town"), ("regional", "region"),
    ("operator", "region")])
def test_one_organisation_is_found_only_inside_the_territory(people, region, elsewhere, who, sees):
    here, there = region.municipalities
    codes = {"own": {here.schools[0]}, "authority": {here.authority},
             "town": {here.code, here.authority, *here.schools}, "region": set(region.ids)}[sees]
    for code in region.ids:
        assert visible(people[who], region.ids, code) == (code in codes), (who, code)
    for code in elsewhere.ids:
        assert not visible(people[who], elsewhere.ids, code)
    assert there.code not in codes or sees == "region"


def test_a_school_sees_the_names_above_it_in_its_own_row(people, region):
    own = people["school"].get("/api/v1/organisations/{id}", id=region.ids[region.municipalities[0].schools[0]])
    assert own["municipalityName"] == region.municipalities[0].name and own["zone"] == region.zone


def test_only_administrators_issue_list_and_import(people):
    for who in ["school", "respondent", "coordinator", "regional", "operator"]:
        for verb, path, body in [("POST", "/api/v1/accounts:issue", {"role": "ROLE_RESPONDENT", "kinds": ["school"]}),
                                 ("GET", "/api/v1/accounts", None),
                                 ("POST", "/api/v1/accounts/00000000-0000-0000-0000-000000000000:resetPassword", {})]:
            reply = people[who].ask(verb, path, body)
            assert reply.status == 403, (who, path)
        reply = people[who].ask("POST", "/api/v1/organisations:import", "code,kind,short_name\n",
                                headers={"Content-Type": "text/csv"})
        assert reply.status == 403


def test_an_administrator_of_a_region_stays_in_it(world, region, elsewhere):
    administrator = world.person("administrator", region.code)
    listed = administrator.get("/api/v1/organisations", query={"limit": 1000})
    assert {one["path"] for one in listed["organisations"]} == set(region.ids)
    with pytest.raises(Problem) as refused:
        administrator.post("/api/v1/accounts:issue", {"role": "ROLE_RESPONDENT", "codes": elsewhere.schools})
    assert refused.value.code == "unknown_codes"
    foreign = world.issue("respondent", elsewhere.schools[0])
    for verb, path, body in [("POST", "/api/v1/accounts/{id}:resetPassword", {}),
                             ("PUT", "/api/v1/accounts/{id}/closed", {"closed": True})]:
        assert administrator.ask(verb, path, body, id=foreign["accountId"]).status == 404
    logins = {one["login"] for one in administrator.get("/api/v1/accounts", query={"limit": 500})["accounts"]}
    assert foreign["login"] not in logins and administrator.login_name in logins
    # Rows of other regions in a file are as if they were nowhere.
    text = "code,kind,short_name\n" + elsewhere.schools[0] + ",school,Захвачено\n"
    reply = administrator.post("/api/v1/organisations:import", text, headers={"Content-Type": "text/csv"})
    assert not reply["applied"] and reply["errors"]
    assert world.administrator.get("/api/v1/organisations/{id}",
                                   id=elsewhere.ids[elsewhere.schools[0]])["shortName"] != "Захвачено"


def test_the_second_wall_stands_in_the_database(stack, region, people):
    connection = stack.as_service("auth")
    try:
        with connection.cursor() as cursor:
            for table in ["organisation", "organisation_version", "profile"]:
                cursor.execute(f"SELECT count(*) FROM {table}")
                assert cursor.fetchone() == (0,), table
            cursor.execute("SELECT set_config('vekha.scope', %s, false)", [region.municipalities[0].code])
            cursor.execute("SELECT array_agg(path ORDER BY path) FROM organisation_version")
            town = region.municipalities[0]
            assert set(cursor.fetchone()[0]) == {"*", region.code, town.code, town.authority, *town.schools}
    finally:
        connection.close()
