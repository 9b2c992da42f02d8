"""Documents: sent in pieces, gone on with after a cut, checked by content, read by those who may."""
import hashlib
import subprocess
import uuid
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

import pdf
from builders import item, with_evidence
from vekha_client import PIECE_BYTES, Problem
from waiting import eventually

ITEMS = [with_evidence("evidence"), with_evidence("other-evidence"), item("plain")]


@pytest.fixture(scope="module")
def place(world):
    region = world.region(municipalities=2, schools=1)
    world.open_round(region, ITEMS, organisations=2)
    author, neighbour = (world.respondent(code) for code in region.schools)
    return SimpleNamespace(region=region, author=author, neighbour=neighbour, operator=world.operator(region.code),
                           coordinator=world.coordinator(region.authorities[0]),
                           other_coordinator=world.coordinator(region.authorities[1]),
                           assignment=world.assignment(author, "evidence"),
                           other=world.assignment(author, "other-evidence"))


def refused(call, *arguments, **options):
    with pytest.raises(Problem) as problem:
        call(*arguments, **options)
    return problem.value


def padded(kibibytes):
    return pdf.pdf(pages=2, text=uuid.uuid4().hex, padding_bytes=kibibytes * 1024)


def send_pieces(client, upload, content, first=0):
    for offset in range(first, len(content), PIECE_BYTES):
        client.append_upload(upload["uploadId"], offset, content[offset:offset + PIECE_BYTES])


def qpdf(*arguments):
    subprocess.run(["/usr/bin/qpdf", *arguments], check=True, capture_output=True)


def test_a_document_is_kept_and_read_back(world, place):
    """S2.30, S2.67: a PDF, named as its author named it, byte for byte."""
    content = padded(300)
    document = place.author.upload(place.assignment["assignmentId"], content, "Приказ № 12 «О сборе».pdf")
    assert document["fileName"] == "Приказ № 12 «О сборе».pdf"
    assert (int(document["sizeBytes"]), document["pages"]) == (len(content), 2)
    assert document["sha256"] == hashlib.sha256(content).hexdigest()
    reply = place.author.download(document["documentId"])
    assert reply.body == content
    assert reply.headers["Content-Type"] == "application/pdf"
    assert "filename*=UTF-8''%D0%9F%D1%80%D0%B8%D0%BA%D0%B0%D0%B7" in reply.headers["Content-Disposition"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    seen = place.author.get("/api/v1/documents/{id}", id=document["documentId"])
    assert seen["sha256"] == document["sha256"]
    stored = world.stack.folder / "blobs" / document["sha256"][:2] / document["sha256"]
    assert stored.read_bytes() == content


def test_ranges(place):
    content = padded(600)
    document = place.author.upload(place.assignment["assignmentId"], content)
    size = len(content)
    for given, first, last in ((f"bytes=0-{size - 1}", 0, size - 1), ("bytes=100-199", 100, 199),
                               ("bytes=-50", size - 50, size - 1), (f"bytes={size - 10}-", size - 10, size - 1),
                               ("bytes=131000-300000", 131000, 300000), ("bytes=5-99999999", 5, size - 1)):
        reply = place.author.download(document["documentId"], given)
        assert reply.status == 206, given
        assert reply.headers["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert reply.body == content[first:last + 1], given
    reply = refused(place.author.download, document["documentId"], f"bytes={size}-")
    assert reply.status == 416


def test_pieces_come_in_order_and_may_come_twice(place):
    content = padded(200)
    upload = place.author.begin_upload(place.assignment["assignmentId"], "a.pdf", len(content))
    progress = place.author.append_upload(upload["uploadId"], 0, content[:PIECE_BYTES])
    assert int(progress["offset"]) == PIECE_BYTES
    gap = refused(place.author.append_upload, upload["uploadId"], 2 * PIECE_BYTES, b"x" * 10)
    assert (gap.status, gap.code) == (409, "upload_gap") and str(PIECE_BYTES) in gap.detail
    early = refused(place.author.complete_upload, upload["uploadId"])
    assert (early.status, early.code) == (409, "upload_incomplete") and str(PIECE_BYTES) in early.detail
    place.author.append_upload(upload["uploadId"], 0, content[:PIECE_BYTES])
    place.author.append_upload(upload["uploadId"], 100, content[100:PIECE_BYTES])
    send_pieces(place.author, upload, content, PIECE_BYTES)
    beyond = refused(place.author.append_upload, upload["uploadId"], len(content), b"x")
    assert beyond.status == 422
    document = place.author.complete_upload(upload["uploadId"], hashlib.sha256(content).hexdigest().upper())
    assert document["sha256"] == hashlib.sha256(content).hexdigest()
    # Another piece after the end changes nothing, and completing again gives the same document.
    late = refused(place.author.append_upload, upload["uploadId"], 0, b"x" * 100)
    assert (late.status, late.code) == (409, "upload_complete")
    assert place.author.complete_upload(upload["uploadId"])["documentId"] == document["documentId"]
    assert place.author.download(document["documentId"]).body == content


def test_a_whole_file_in_one_request(place):
    """The gateway cuts a long body into pieces itself."""
    content = padded(1500)
    upload = place.author.begin_upload(place.assignment["assignmentId"], "a.pdf", len(content))
    progress = place.author.append_upload(upload["uploadId"], 0, content)
    assert int(progress["offset"]) == len(content)
    document = place.author.complete_upload(upload["uploadId"])
    assert place.author.download(document["documentId"]).body == content


def test_the_wrong_bytes_are_told_by_their_hash(place):
    content = padded(10)
    upload = place.author.begin_upload(place.assignment["assignmentId"], "a.pdf", len(content))
    send_pieces(place.author, upload, content)
    problem = refused(place.author.complete_upload, upload["uploadId"], "0" * 64)
    assert problem.status == 422 and problem.fields == ["sha256"]


def test_what_is_no_sound_pdf_is_refused_in_words(place, tmp_path):
    """S2.30: «Ожидаемый формат файла: pdf», looked at by its content and not by its name."""
    good, encrypted, restricted = tmp_path / "good.pdf", tmp_path / "encrypted.pdf", tmp_path / "restricted.pdf"
    good.write_bytes(pdf.pdf(pages=3))
    qpdf("--encrypt", "secret", "owner", "256", "--", str(good), str(encrypted))
    qpdf("--encrypt", "", "owner", "256", "--", str(good), str(restricted))
    script = pdf.assemble([b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>",
                           b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                           b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"])
    cases = [
        (b"MZ\x90\x00 a program", "not_a_pdf"),
        (b"<html><script>alert(1)</script></html>\n" + pdf.pdf(), "not_a_pdf"),
        (b"PK\x03\x04 a word document", "not_a_pdf"),
        (pdf.disguised_program(), "pdf_damaged"),
        (pdf.pdf(pages=30)[:2000], "pdf_damaged"),
        (pdf.pdf(pages=30)[:2000] + b"\n%%EOF\n", "pdf_damaged"),
        (pdf.without_pages(), "pdf_empty"),
        (encrypted.read_bytes(), "pdf_encrypted"),
        (restricted.read_bytes(), "pdf_encrypted"),
        (script, "pdf_active"),
    ]
    for content, code in cases:
        problem = refused(place.author.upload, place.assignment["assignmentId"], content)
        assert (problem.status, problem.code) == (422, code)
        assert problem.detail
    assert place.author.upload(place.assignment["assignmentId"], good.read_bytes())["pages"] == 3


def test_a_refused_upload_stays_refused(place):
    upload = place.author.begin_upload(place.assignment["assignmentId"], "a.pdf", 5)
    place.author.append_upload(upload["uploadId"], 0, b"hello")
    for _ in range(2):
        assert refused(place.author.complete_upload, upload["uploadId"]).code == "not_a_pdf"
    assert refused(place.author.append_upload, upload["uploadId"], 0, b"%PDF-").code == "upload_complete"
    place.author.delete("/api/v1/uploads/{id}", id=upload["uploadId"])
    assert refused(place.author.get, "/api/v1/uploads/{id}", id=upload["uploadId"]).status == 404


def test_limits_are_known_beforehand(place):
    too_large = refused(place.author.begin_upload, place.assignment["assignmentId"], "a.pdf", 20 * 1024 * 1024 + 1)
    assert (too_large.status, too_large.code) == (413, "document_too_large") and "20" in too_large.detail
    assert refused(place.author.begin_upload, place.assignment["assignmentId"], "a.pdf", 0).status == 422
    largest = place.author.begin_upload(place.assignment["assignmentId"], "a.pdf", 20 * 1024 * 1024)
    assert place.author.ask("DELETE", "/api/v1/uploads/{id}", id=largest["uploadId"]).status == 204


def test_names_are_made_harmless(place):
    for given, kept in (("../../etc/passwd", "passwd.pdf"), ("C:\\Документы\\скан.PDF", "скан.pdf"),
                        ("смета\u202efdp.exe", "сметаfdp.exe.pdf"), ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
                        ("Отчёт \"1\";.pdf", "Отчёт _1_;.pdf")):
        upload = place.author.begin_upload(place.assignment["assignmentId"], given, 100)
        assert upload["fileName"] == kept
        place.author.delete("/api/v1/uploads/{id}", id=upload["uploadId"])


def test_the_same_content_is_stored_once(world, place):
    content = padded(20)
    first = place.author.upload(place.assignment["assignmentId"], content, "первый.pdf")
    second = place.author.upload(place.other["assignmentId"], content, "второй.pdf")
    assert first["documentId"] != second["documentId"] and first["sha256"] == second["sha256"]
    assert [place.author.get("/api/v1/documents/{id}", id=one["documentId"])["fileName"]
            for one in (first, second)] == ["первый.pdf", "второй.pdf"]
    folder = world.stack.folder / "blobs" / first["sha256"][:2]
    assert [path.name for path in folder.iterdir()].count(first["sha256"]) == 1


def test_who_may_read_a_document(world, place):
    """S2.37, S2.49: before it is sent only its own school; afterwards those who review and oversee, and nobody else."""
    content = padded(5)
    assignment = world.save(place.author, world.fresh(place.author, place.other), "5")
    assignment = world.attach(place.author, assignment, content)
    document = assignment["documents"][-1]["documentId"]
    outsiders = [place.neighbour, place.other_coordinator, world.operator(world.region(schools=1).code)]
    overseers = [place.operator, place.coordinator]

    def statuses(clients):
        return {client.ask("GET", path, id=document).status for client in clients
                for path in ("/api/v1/documents/{id}", "/api/v1/documents/{id}/content")}
    assert statuses([place.author]) == {200}
    assert statuses(outsiders + overseers) == {404}
    world.submit(place.author, assignment)
    eventually(lambda: statuses(overseers) == {200}, 15, what="the documents are open to those who review")
    assert place.operator.download(document).body == content
    assert statuses(outsiders) == {404}
    assert statuses([place.author]) == {200}


def test_shown_in_a_page_of_ours_only_when_asked(world, place):
    """A file by default, sandboxed; inline on request, and then framed by our own origin alone."""
    assignment = world.save(place.author, world.fresh(place.author, place.assignment), "5")
    document = world.attach(place.author, assignment, padded(9))["documents"][-1]["documentId"]
    path = "/api/v1/documents/{id}/content"
    kept = place.author.ask("GET", path, id=document).headers
    shown = place.author.ask("GET", path, id=document, query={"inline": "true"}).headers
    assert kept["Content-Disposition"].startswith("attachment; ") and "sandbox" in kept["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in kept["Content-Security-Policy"]
    assert shown["Content-Disposition"].startswith("inline; ") and shown["Content-Type"] == "application/pdf"
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert "default-src 'none'" in shown["Content-Security-Policy"] and shown["X-Content-Type-Options"] == "nosniff"
    # Asked for again: the browser puts the headers of this answer in the place of those it has kept.
    again = place.author.ask("GET", path, id=document, query={"inline": "true"},
                             headers={"If-None-Match": shown["ETag"]})
    assert again.status == 304 and again.headers["Content-Security-Policy"] == shown["Content-Security-Policy"]


def test_an_upload_belongs_to_its_organisation(place):
    upload = place.author.begin_upload(place.assignment["assignmentId"], "a.pdf", 100)
    path = "/api/v1/uploads/{id}"
    for client, expected in ((place.neighbour, 404), (place.operator, 403), (place.coordinator, 404)):
        assert client.ask("GET", path, id=upload["uploadId"]).status == expected
        assert client.ask("POST", path + ":complete", id=upload["uploadId"]).status == expected
        assert client.ask("DELETE", path, id=upload["uploadId"]).status == expected
        assert refused(client.append_upload, upload["uploadId"], 0, b"x").status == expected
    assert refused(place.operator.begin_upload, place.assignment["assignmentId"], "a.pdf", 10).status == 403
    place.author.delete(path, id=upload["uploadId"])


def test_completing_under_one_key_gives_one_document(world, place):
    content = padded(50)
    upload = place.author.begin_upload(place.assignment["assignmentId"], "a.pdf", len(content))
    send_pieces(place.author, upload, content)
    clients = [place.author.clone() for _ in range(8)]
    key = str(uuid.uuid4())

    def complete(numbered):
        number, client = numbered
        # Half of them repeat one request, half press the button again.
        return client.complete_upload(upload["uploadId"], key=key if number % 2 else None)
    with ThreadPoolExecutor(8) as pool:
        documents = list(pool.map(complete, enumerate(clients)))
    assert len({one["documentId"] for one in documents}) == 1
    stored = world.stack.value("files", "SELECT count(*) FROM document WHERE sha256 = %s", documents[0]["sha256"])
    assert stored == 1
    for client in clients:
        client.close()


def test_many_uploads_at_once(place):
    """Pieces of different documents never mix."""
    contents = [padded(300 + number) for number in range(8)]
    clients = [place.author.clone() for _ in contents]

    def upload(pair):
        client, content = pair
        document = client.upload(place.assignment["assignmentId"], content)
        return client.download(document["documentId"]).body == content
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(upload, zip(clients, contents)))
    for client in clients:
        client.close()


def test_row_security_is_a_second_wall(world, place):
    document = place.author.upload(place.assignment["assignmentId"], pdf.pdf())
    with world.stack.as_service("files") as connection, connection.cursor() as cursor:
        for scope, expected in (("", 0), (place.region.schools[1], 0), (place.region.schools[0], 1), ("*", 1)):
            cursor.execute("SELECT set_config('vekha.scope', %s, false)", (scope,))
            cursor.execute("SELECT count(*) FROM document WHERE document_id = %s", (document["documentId"],))
            assert cursor.fetchone() == (expected,), scope
    connection.close()
