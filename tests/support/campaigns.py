"""A region in which each school has an address of its own, and a mailing to all of them."""
from collections import Counter

from builders import item


def give_addresses(world, region, address_of):
    """address_of: a school's code -> its address; "" for none."""
    rows = [{"code": code, "parent_code": municipality.code, "kind": "school", "short_name": f"МБОУ «СОШ {code}»",
             "email": address_of(code), "valid_from": "2019-01-01"}
            for municipality in region.municipalities for code in municipality.schools]
    for first in range(0, len(rows), 4000):
        reply = world.import_organisations(rows[first:first + 4000])
        assert reply["applied"], reply
    world.wait_until_heard("deadlines", "auth")


def own_address(code):
    return f"{code.replace('.', '-')}@crowd.example"


def region_of(world, addressees):
    """Of as many schools, 100 to a municipality."""
    region = world.region(municipalities=-(-addressees // 100), schools=min(addressees, 100))
    give_addresses(world, region, own_address)
    return region


def draft(world, author, region):
    """Of a round that asks all schools for one indicator."""
    round_ = world.open_round(region, [item("one")], organisations=len(region.schools), due_in=200, closed_in=210)
    world.wait_until_heard("deadlines", "submissions")
    return author.post("/api/v1/campaigns", {"roundId": round_["roundId"]})


def send(author, campaign):
    return author.post("/api/v1/campaigns/{id}:send", id=campaign["campaignId"], version=campaign["version"])


def kept(folder):
    """How many letters the mail server has kept."""
    return sum(1 for _ in (folder / "mail").glob("*.eml"))


def received(folder):
    """{address: how often the mail server has got the campaign's letter for it}."""
    counts = Counter()
    for path in (folder / "mail").glob("*.eml"):
        head = path.read_bytes().split(b"\r\n\r\n", 1)[0].decode()
        to = next(line.split(": ", 1)[1] for line in head.splitlines() if line.startswith("X-Envelope-To: "))
        if to.endswith("@crowd.example"):
            counts[to] += 1
    return counts
