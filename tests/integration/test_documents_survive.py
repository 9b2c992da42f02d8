"""Documents through crashes, on two replicas, past their time, over a quota, with and without a virus scanner."""
import base64
import hashlib
import os
import pathlib
import signal
import threading
import time
import uuid
from types import SimpleNamespace

import pytest

import clamd
import pdf
from builders import with_evidence
from vekha_client import PIECE_BYTES, Problem
from waiting import eventually

REPLICAS = ("files", "files.2")
# Three gigabytes of zeros, deflated three times.
BOMB = base64.b64decode(
    "eNqruPX2jq5fDKOE20PrRJfmB+4NBzfw+AgbvOC6sIQ7w5RPqOl4iWxCBMO6TXm3VkUyKC5JCjltYrz7wbznkYfU79dYTt8/f77a"
    "5ESJde/vvYu3y+FjYGA4cCL2/66bEb2Mhx8Wlf16KQMUkth9/nb05a8aH74/enDEEiiQ8CXPXu7tGnuWfzG1M63YgSI99+4l1e25"
    "x7RPX778/B1moIjb++UJQIphCQcbkHToBnO2QDg9yJxRmVGZUZlRmVGZUZlRmVGZUZlRmVGZUZlRmVGZUZlRmVGZUZkBk6mJPvM+"
    "LPjAx/6nb14fPsawR3v95frfh5/YT5h2ch8AdCojLA==")


@pytest.fixture(scope="module")
def place(own_stack, own_world):
    own_stack.configure("--replicas", "files=2")
    region = own_world.region(schools=1)
    own_world.open_round(region, [with_evidence("evidence")], organisations=1)
    author = own_world.respondent(region.schools[0])
    assignment = own_world.assignment(author, "evidence")["assignmentId"]
    # Nobody comes back for it: what is to be swept rests while the other tests run.
    left = author.begin_upload(assignment, "a.pdf", 50_000)["uploadId"]
    author.append_upload(left, 0, padded(50)[:1000])
    return SimpleNamespace(stack=own_stack, world=own_world, region=region, author=author, assignment=assignment,
                           left=left)


def padded(kibibytes):
    return pdf.pdf(pages=2, text=uuid.uuid4().hex, padding_bytes=kibibytes * 1024)


def persist(call, *arguments, **options):
    """As the cabinet does: whatever says "come again" is done again, under the same key."""
    key = options.pop("key", str(uuid.uuid4()))
    deadline = time.monotonic() + 30
    while True:
        try:
            return call(*arguments, key=key, **options)
        except Problem as problem:
            if problem.status < 500 or time.monotonic() > deadline:
                raise
        except OSError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.05)


def upload_patiently(client, assignment, content):
    upload = persist(client.post, "/api/v1/uploads",
                     {"assignmentId": assignment, "fileName": "a.pdf", "sizeBytes": str(len(content))})
    offset = 0
    while offset < len(content):
        piece = content[offset:offset + PIECE_BYTES]
        offset = int(persist(client.append_upload, upload["uploadId"], offset, piece)["offset"])
    return persist(client.complete_upload, upload["uploadId"], hashlib.sha256(content).hexdigest())


def children_of(pid):
    found = []
    for path in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in path.read_text().split()]
    return found


def blobs(stack):
    return {path.name for path in (stack.folder / "blobs").glob("??/*")}


def unfinished(stack):
    return {path.name for path in (stack.folder / "blobs" / "tmp").iterdir()}


def test_an_upload_goes_on_after_a_crash(place):
    """Killed between the pieces: what was acknowledged is there, GetUpload says where to go on."""
    content = padded(400)
    upload = place.author.begin_upload(place.assignment, "a.pdf", len(content))
    place.author.append_upload(upload["uploadId"], 0, content[:PIECE_BYTES])
    place.author.append_upload(upload["uploadId"], PIECE_BYTES, content[PIECE_BYTES:2 * PIECE_BYTES])
    place.stack.kill(*REPLICAS)
    place.stack.start(*REPLICAS)
    seen = persist(lambda key: place.author.get("/api/v1/uploads/{id}", id=upload["uploadId"]))
    assert int(seen["offset"]) == 2 * PIECE_BYTES
    for offset in range(2 * PIECE_BYTES, len(content), PIECE_BYTES):
        persist(place.author.append_upload, upload["uploadId"], offset, content[offset:offset + PIECE_BYTES])
    document = persist(place.author.complete_upload, upload["uploadId"])
    assert place.author.download(document["documentId"]).body == content


def test_nothing_is_lost_while_replicas_are_killed(place):
    """Twelve documents sent while one replica after the other is killed: each is there once and whole."""
    contents = [padded(200 + number) for number in range(12)]
    stop = threading.Event()

    def kill_in_turn():
        turn = 0
        while not stop.wait(0.3):
            process = REPLICAS[turn % 2]
            place.stack.kill(process)
            place.stack.start(process)
            turn += 1
    killer = threading.Thread(target=kill_in_turn)
    killer.start()
    try:
        documents = [upload_patiently(place.author, place.assignment, content) for content in contents]
    finally:
        stop.set()
        killer.join()
    for content, document in zip(contents, documents):
        assert document["sha256"] == hashlib.sha256(content).hexdigest()
        assert persist(lambda key, one=document: place.author.download(one["documentId"])).body == content
        stored = place.stack.rows("files", "SELECT document_id FROM document WHERE sha256 = %s", document["sha256"])
        assert [row["document_id"] for row in stored] == [document["documentId"]]
    assert {document["sha256"] for document in documents} <= blobs(place.stack)


def test_a_killed_checker_is_replaced(place):
    """The helper process dies: the document is checked by the next one, not refused."""
    place.author.upload(place.assignment, padded(3))
    killed = [os.kill(child, signal.SIGKILL) for process in REPLICAS for child in children_of(place.stack.pid(process))]
    assert killed
    assert place.author.upload(place.assignment, padded(3))["pages"] == 2


def test_a_hostile_document_takes_nobody_with_it(place):
    """Deflate of deflate of zeros: three gigabytes, if one lets it."""
    content = pdf.assemble([
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        b"<< /Length %d /Filter [/FlateDecode /FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(BOMB), BOMB)])
    assert len(content) < 2000
    with pytest.raises(Problem) as problem:
        upload_patiently(place.author, place.assignment, content)
    assert problem.value.code == "pdf_damaged"
    for process in REPLICAS:
        assert place.stack.is_ready(process)
        with open(f"/proc/{place.stack.pid(process)}/status", encoding="ascii") as status:
            peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
        # The sanitizer keeps freed memory for a while; a document unpacked would be gigabytes.
        with open(f"/proc/{place.stack.pid(process)}/maps", encoding="ascii") as maps:
            limit_mib = 600 if "libasan" in maps.read() else 200
        assert peak < limit_mib * 1024, "kB of the service itself"
    assert place.author.upload(place.assignment, padded(3))["pages"] == 2


def test_the_quota_of_an_organisation(place):
    stack = place.stack
    kept = stack.value("files", "SELECT sum(size_bytes) FROM (SELECT DISTINCT sha256, size_bytes FROM document) d")
    open_uploads = stack.rows("files", "SELECT size_bytes FROM upload WHERE document_id IS NULL AND refusal IS NULL")
    used = int(kept) + sum(row["size_bytes"] for row in open_uploads)
    stack.configure("--set", f"files.organisation_quota_bytes={used + 100_000}",
                    "--set", f"files.organisation_open_uploads={len(open_uploads) + 3}")
    full = pytest.raises(Problem, persist, place.author.post, "/api/v1/uploads",
                         {"assignmentId": place.assignment, "fileName": "a.pdf", "sizeBytes": "100001"})
    assert (full.value.status, full.value.code) == (409, "quota_used")
    uploads = [place.author.begin_upload(place.assignment, "a.pdf", 1000) for _ in range(3)]
    many = pytest.raises(Problem, place.author.begin_upload, place.assignment, "a.pdf", 1000)
    assert (many.value.status, many.value.code) == (429, "too_many_uploads")
    for upload in uploads:
        place.author.delete("/api/v1/uploads/{id}", id=upload["uploadId"])
    at_once = pytest.raises(Problem, place.author.store, place.assignment, padded(99))
    assert (at_once.value.status, at_once.value.code) == (409, "quota_used")
    small = padded(40)
    place.author.store(place.assignment, small)
    # The same content takes no more room.
    place.author.store(place.assignment, small)
    assert place.author.begin_upload(place.assignment, "a.pdf", 100_000 - len(small))
    stack.configure("--set", "files.organisation_quota_bytes=2147483648", "--set", "files.organisation_open_uploads=50")


def test_a_virus_is_refused_and_no_scanner_means_wait(place, tmp_path):
    """With a scanner configured nothing passes unscanned."""
    path = tmp_path / "clamd.sock"
    place.stack.configure("--set", f"files.clamd_socket={path}")
    content = padded(100)
    upload = persist(place.author.post, "/api/v1/uploads",
                     {"assignmentId": place.assignment, "fileName": "a.pdf", "sizeBytes": str(len(content))})
    for offset in range(0, len(content), PIECE_BYTES):
        persist(place.author.append_upload, upload["uploadId"], offset, content[offset:offset + PIECE_BYTES])
    with pytest.raises(Problem) as away:
        place.author.complete_upload(upload["uploadId"])
    assert (away.value.status, away.value.code) == (503, "scanner_away")
    assert place.stack.value("files", "SELECT document_id FROM upload WHERE upload_id = %s", upload["uploadId"]) is None
    with clamd.Scanner(path) as scanner:
        document = place.author.complete_upload(upload["uploadId"])
        assert scanner.scanned == [content]
        assert place.author.download(document["documentId"]).body == content
        infected = content.replace(b"\0" * len(clamd.EICAR), clamd.EICAR, 1)
        with pytest.raises(Problem) as virus:
            place.author.upload(place.assignment, infected)
        assert (virus.value.status, virus.value.code) == (422, "virus_found")
    place.stack.configure("--set", "files.clamd_socket=")


def test_what_nobody_comes_back_for_is_swept(place):
    """After a day: unfinished uploads with their bytes, and bytes that no document has."""
    stack = place.stack
    content = padded(50)
    kept = persist(lambda key: place.author.upload(place.assignment, content))
    orphan = hashlib.sha256(b"orphan").hexdigest()
    (stack.folder / "blobs" / orphan[:2]).mkdir(exist_ok=True)
    (stack.folder / "blobs" / orphan[:2] / orphan).write_bytes(b"orphan")
    assert place.left in unfinished(stack)
    stack.advance(hours=25)
    # Jobs run at the start, too.
    stack.restart(*REPLICAS)
    place.author.login(place.author.login_name, place.author.password)
    eventually(lambda: orphan not in blobs(stack), 20, what="the orphan is swept")
    eventually(lambda: stack.value("files", "SELECT count(*) FROM upload WHERE upload_id = %s",
                                   place.left) == 0, 20, what="the row of the upload left is swept")
    gone = pytest.raises(Problem, place.author.get, "/api/v1/uploads/{id}", id=place.left)
    assert gone.value.status == 404
    assert persist(lambda key: place.author.download(kept["documentId"])).body == content
    # Its bytes go with the next sweep after a minute of rest.
    path = stack.folder / "blobs" / "tmp" / place.left
    eventually(lambda: not path.exists() or time.time() > path.stat().st_ctime + 61, 70, what="a minute of rest")
    stack.restart(*REPLICAS)
    eventually(lambda: place.left not in unfinished(stack), 20, what="the bytes left are swept")
    assert place.author.download(kept["documentId"]).body == content
