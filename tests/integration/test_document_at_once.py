"""A small document in one request: the same checks, rights and promises as one that comes in pieces."""
import hashlib
import uuid
from types import SimpleNamespace

import pytest

import pdf
from builders import with_evidence
from vekha_client import Problem
from waiting import eventually

MOST_BYTES = 120 * 1024


@pytest.fixture(scope="module")
def place(world):
    region = world.region(schools=2)
    world.open_round(region, [with_evidence("evidence")], organisations=2)
    author, neighbour = (world.respondent(code) for code in region.schools)
    return SimpleNamespace(author=author, neighbour=neighbour, operator=world.operator(region.code),
                           assignment=world.assignment(author, "evidence")["assignmentId"])


def refused(call, *arguments, **options):
    with pytest.raises(Problem) as problem:
        call(*arguments, **options)
    return problem.value


def document(size=0):
    """A sound one of nearly so many bytes and not more, unlike any before."""
    text = uuid.uuid4().hex
    least = len(pdf.pdf(text=text, padding_bytes=1000))
    return pdf.pdf(text=text, padding_bytes=1000 + max(0, size - least - 10))


def test_it_is_kept_attached_and_read_back(world, place):
    """S2.30, S2.67: named as its author named it, byte for byte, and part of the draft a moment later."""
    content = document(60_000)
    digest = hashlib.sha256(content).hexdigest()
    stored = place.author.store(place.assignment, content, "Приказ № 12 «О сборе» & 100 %.pdf", digest.upper())
    assert stored["fileName"] == "Приказ № 12 «О сборе» & 100 %.pdf"
    assert (stored["sha256"], int(stored["sizeBytes"]), stored["pages"]) == (digest, len(content), 1)
    assert place.author.download(stored["documentId"]).body == content
    eventually(lambda: stored["documentId"] in [
        one["documentId"] for one in place.author.get("/api/v1/assignments/{id}", id=place.assignment)["documents"]])
    # The blob has its one name; nothing is left of the way there.
    blobs = world.stack.folder / "blobs"
    assert (blobs / digest[:2] / digest).stat().st_nlink == 1


def test_the_same_request_again_is_the_same_document(place):
    content, key = document(), str(uuid.uuid4())
    first = place.author.store(place.assignment, content, key=key)
    assert place.author.store(place.assignment, content, key=key) == first
    assert place.author.store(place.assignment, content)["documentId"] != first["documentId"]


def test_what_is_no_sound_pdf_is_refused_in_words(world, place):
    """S2.30: looked at by its content and not by its name."""
    before = world.stack.value("files", "SELECT count(*) FROM document")
    for content, code in ((b"MZ a program", "not_a_pdf"), (pdf.disguised_program(), "pdf_damaged"),
                          (pdf.without_pages(), "pdf_empty")):
        problem = refused(place.author.store, place.assignment, content)
        assert (problem.status, problem.code) == (422, code)
    wrong = refused(place.author.store, place.assignment, document(), sha256="0" * 64)
    assert (wrong.status, wrong.fields) == (422, ["sha256"])
    empty = refused(place.author.store, place.assignment, b"")
    assert (empty.status, empty.fields) == (422, ["data"])
    assert world.stack.value("files", "SELECT count(*) FROM document") == before


def test_what_is_larger_goes_in_pieces(place):
    most = document(MOST_BYTES)
    assert len(most) <= MOST_BYTES
    assert int(place.author.store(place.assignment, most)["sizeBytes"]) == len(most)
    more = refused(place.author.store, place.assignment, document(MOST_BYTES + 2000))
    assert (more.status, more.code) == (413, "too_large_at_once")
    assert refused(place.author.store, place.assignment, document(400_000)).status == 413


def test_only_by_whoever_fills_in_and_read_by_whoever_may(place):
    content = document()
    assert refused(place.author.store, "", content).fields == ["assignmentId"]
    assert refused(place.operator.store, place.assignment, content).status == 403
    # Whose assignment it is, submissions knows: a stranger's document never becomes part of it.
    foreign = place.neighbour.store(place.assignment, content)
    assert refused(place.author.get, "/api/v1/documents/{id}", id=foreign["documentId"]).status == 404
    mine = place.author.store(place.assignment, document())
    eventually(lambda: mine["documentId"] in [
        one["documentId"] for one in place.author.get("/api/v1/assignments/{id}", id=place.assignment)["documents"]])
    documents = place.author.get("/api/v1/assignments/{id}", id=place.assignment)["documents"]
    assert foreign["documentId"] not in [one["documentId"] for one in documents]


def test_the_bytes_come_by_the_body_alone(place):
    path = f"/api/v1/documents?assignmentId={place.assignment}&fileName=a.pdf&data=AAAA"
    problem = refused(place.author.post, path, document())
    assert (problem.status, problem.fields) == (400, ["data"])
    as_json = refused(place.author.post, "/api/v1/documents", {"assignmentId": place.assignment, "fileName": "a.pdf"})
    assert as_json.status == 415
