"""What a declaration in proto/ must hold: the generator fails the build with file, line, method and remedy."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("VEKHA_TEST_BUILD") or ROOT / "build" / "debug")

SERVICE = """syntax = "proto3";
package vekha.things;
import "protobuf-c/protobuf-c.proto";
import "annotations.proto";
import "options.proto";
option (pb_c_file).c_package = "things";
option (pb_c_file).const_strings = true;
service Things {
  // Change a thing. More of it.
  rpc ChangeThing(ChangeThingRequest) returns (Thing) {
    option (method) = { http: "PUT /api/v1/things/{thing_id}" kind: KIND_COMMAND roles: ROLE_OPERATOR if_match: true emits: "DraftSaved" };
  }
  rpc GetThing(GetThingRequest) returns (Thing) {
    option (method) = { http: "GET /api/v1/things/{thing_id}" kind: KIND_QUERY roles: ROLE_OPERATOR };
  }
}
message ChangeThingRequest {
  string thing_id = 1 [(field) = { required: true format: FORMAT_UUID }];
  uint32 expected_version = 2;
  repeated string names = 3 [(field) = { max_items: 3 max_chars: 10 }];
}
message GetThingRequest { string thing_id = 1; repeated string kinds = 2; }
message Thing { string thing_id = 1; uint32 version = 2; }
"""

CASES = [
    # what is replaced, by what, what the complaint must say
    ("option (method) = { http: \"GET /api/v1/things/{thing_id}\" kind: KIND_QUERY roles: ROLE_OPERATOR };", "",
     r"GetThing: has no option \(method\)"),
    ("kind: KIND_QUERY ", "", "GetThing: has no kind"),
    ("kind: KIND_QUERY roles: ROLE_OPERATOR", "kind: KIND_QUERY", "GetThing: nobody may call it"),
    ("kind: KIND_QUERY roles: ROLE_OPERATOR", "kind: KIND_QUERY callers: \"files\"", "GetThing: is open over HTTP without roles"),
    ("GET /api/v1/things/{thing_id}", "FETCH /api/v1/things/{thing_id}", "GetThing: http: .* does not parse"),
    ("GET /api/v1/things/{thing_id}", "GET /things/{thing_id}", "GetThing: http: .* does not parse"),
    ("GET /api/v1/things/{thing_id}", "GET /api/v1/things//{thing_id}", "GetThing: http: segment"),
    ("GET /api/v1/things/{thing_id}", "GET /api/v1/things/x{thing_id}", "GetThing: http: segment"),
    ("GET /api/v1/things/{thing_id}", "GET /api/v1/things:act/{thing_id}", "GetThing: http: segment"),
    ("GET /api/v1/things/{thing_id}", "GET /api/v1/things/{other_id}", r"path parameter \{other_id\} is no field of GetThingRequest"),
    ("GET /api/v1/things/{thing_id}", "GET /api/v1/things/{kinds}", r"path parameter \{kinds\} must be a single string"),
    ("GET /api/v1/things/{thing_id}", "GET /api/v1/things/{thing_id}/{thing_id}", "stands twice"),
    ("GET /api/v1/things/{thing_id}", "GET /api/v1/documents/{thing_id}", "is already the path of files.GetDocument"),
    ("GET /api/v1/things", "POST /api/v1/things", "a query is read with GET"),
    ("PUT /api/v1/things", "GET /api/v1/things", "a query is read with GET"),
    ("returns (Thing)", "returns (stream Thing)", "`stream` is not carried"),
    ("emits: \"DraftSaved\"", "emits: \"Nothing\"", "emits \"Nothing\", which is no message of events.proto"),
    ("kind: KIND_QUERY", "kind: KIND_QUERY emits: \"DraftSaved\"", "a query changes nothing"),
    ("kind: KIND_QUERY", "kind: KIND_QUERY together: true", "together is for commands"),
    ("kind: KIND_COMMAND", "kind: KIND_COMMAND compress: true", "compress is for queries"),
    ("kind: KIND_QUERY", "kind: KIND_QUERY csv: true", "csv is for a reply of rows"),
    ("kind: KIND_QUERY", "kind: KIND_QUERY compress: true", "compress: the version in Thing becomes the ETag"),
    ("kind: KIND_COMMAND", "kind: KIND_COMMAND tagged: true", "tagged is for queries by GET"),
    ("roles: ROLE_OPERATOR", "roles: ROLE_ANYONE tagged: true", "tagged is for queries by GET"),
    ("kind: KIND_QUERY", "kind: KIND_QUERY tagged: true emits: \"ContactsRead\"", "what it emits would be left out"),
    ("kind: KIND_QUERY", "kind: KIND_QUERY tagged: true", "tagged: the version in Thing is an ETag already"),
    ("kind: KIND_QUERY", "kind: KIND_QUERY max_request_bytes: 1048577", "max_request_bytes 1048577 is over 1 MiB"),
    ("kind: KIND_QUERY", "kind: KIND_QUERY timeout_ms: 1000000", "timeout_ms 1000000 is over"),
    ("kind: KIND_QUERY", "kind: KIND_QUERY body: BODY_DOWNLOAD", "BODY_DOWNLOAD needs the field offset in GetThingRequest"),
    ("kind: KIND_QUERY", "kind: KIND_QUERY body: BODY_EVENTS", "BODY_EVENTS needs"),
    ("kind: KIND_QUERY", "kind: KIND_QUERY body: BODY_EVENTS shows: \"Nothing\"", "BODY_EVENTS needs shows: a message"),
    ("kind: KIND_QUERY", "kind: KIND_QUERY shows: \"StatusChanged\"", "shows is for BODY_EVENTS"),
    ("kind: KIND_COMMAND", "kind: KIND_COMMAND body: BODY_UPLOAD", "BODY_UPLOAD needs the field offset"),
    ("kind: KIND_COMMAND", "kind: KIND_COMMAND body: BODY_BYTES", "BODY_BYTES needs the field data"),
    ("kind: KIND_COMMAND", "kind: KIND_COMMAND session: SESSION_START", "SESSION_START needs the field access_token in Thing"),
    ("kind: KIND_COMMAND", "kind: KIND_COMMAND text_field: \"names\"", "text_field names is no string"),
    ("uint32 expected_version = 2;", "", "if_match needs `uint32 expected_version`"),
    ("uint32 version = 2;", "uint32 version = 2; Thing part = 3;", "Thing contains itself"),
    ("uint32 version = 2;", "uint32 version = 2; repeated Part parts = 3; } message Part { Thing whole = 1;", "contains itself"),
    ("uint32 version = 2;", "optional uint32 version = 2;", "Thing.version: .* proto3 optional"),
    ("uint32 version = 2;", "map<string, string> version = 2;", "maps are not carried"),
    ("uint32 version = 2;", "uint32 version = 2 [(field) = { max_chars: 5 }];", "Thing.version: min_chars, max_chars and format are for strings"),
    ("uint32 version = 2;", "uint32 version = 2 [(field) = { max_items: 5 }];", "Thing.version: max_items is for repeated"),
    ("uint32 version = 2;", "string version = 2 [(field) = { max: 5 }];", "Thing.version: min and max are for integers"),
    ("uint32 version = 2;", "bool version = 2 [(field) = { required: true }];", "a bool has no absence"),
    ("uint32 version = 2;", "string version = 2 [(field) = { min_chars: 5 max_chars: 4 }];", "min_chars is over max_chars"),
    ("repeated string kinds = 2;", "Thing kind = 2;", "field kind cannot travel in a GET"),
    ("package vekha.things;", "package vekha.stuff;", "must be declared in stuff.proto"),
]


def generate(folder, service):
    proto = folder / "proto"
    shutil.copytree(ROOT / "proto", proto, ignore=shutil.ignore_patterns("*.c", "*.h", "*.txt"))
    (proto / "things.proto").write_text(service)
    (folder / "out").mkdir()
    described = subprocess.run(
        ["protoc", f"-I{proto}", "-I/usr/include", "--include_imports", "--include_source_info",
         "--experimental_allow_proto3_optional", f"--descriptor_set_out={folder / 'set'}",
         *sorted(str(path) for path in proto.glob("*.proto"))], capture_output=True, text=True, check=False)
    assert described.returncode == 0, described.stderr
    with open(folder / "set", "rb") as descriptors:
        return subprocess.run([BUILD / "bin" / "rpcgen", folder / "out"], stdin=descriptors, capture_output=True,
                              text=True, check=False)


def test_a_right_declaration_passes(tmp_path):
    done = generate(tmp_path, SERVICE)
    assert (done.returncode, done.stderr) == (0, "")
    header = (tmp_path / "out" / "things_rpc.h").read_text()
    assert "enum status handle_change_thing(struct call *call, const Things__ChangeThingRequest *request, " \
           "Things__Thing *reply);" in header
    contract = (tmp_path / "out" / "contract.c").read_text()
    assert '.name = "things.FetchEvents"' in contract and '.summary = "Change a thing"' in contract
    assert "{&things__change_thing_request__descriptor, 3, false, 0, 10, 3, 0, 0, 0}" in contract


@pytest.mark.parametrize("old,new,complaint", CASES, ids=[f"{number}" for number in range(len(CASES))])
def test_a_wrong_declaration_fails_with_its_place_and_remedy(tmp_path, old, new, complaint):
    assert old in SERVICE
    done = generate(tmp_path, SERVICE.replace(old, new, 1))
    assert done.returncode == 1
    assert re.search(complaint, done.stderr), done.stderr
    assert re.match(r"things\.proto:\d+: error: ", done.stderr), done.stderr
    assert not list((tmp_path / "out").iterdir())


def test_all_mistakes_are_told_at_once(tmp_path):
    done = generate(tmp_path, SERVICE.replace("kind: KIND_QUERY ", "").replace("DraftSaved", "Nothing"))
    assert len(done.stderr.splitlines()) >= 2


def test_no_descriptor_set_is_told():
    done = subprocess.run([BUILD / "bin" / "rpcgen", "/nonexistent"], input="noise", capture_output=True, text=True,
                          check=False)
    assert done.returncode == 1 and "descriptor set" in done.stderr


def compile_with(tmp_path, source, *more):
    folders = [ROOT / "common" / name / "include" for name in ["base", "bus", "db", "service"]]
    folders += [BUILD / "proto" / "messages", BUILD / "proto" / "contract"]
    path = tmp_path / "handlers.c"
    path.write_text(source)
    return subprocess.run(["cc", "-std=gnu17", "-Werror", *[f"-I{folder}" for folder in folders], str(path), *more,
                           "-o", str(tmp_path / "out")], capture_output=True, text=True, check=False)


def test_a_handler_of_the_wrong_shape_does_not_compile(tmp_path):
    done = compile_with(tmp_path, '#include "deadlines_rpc.h"\nenum status handle_mark_read(struct call *call, '
                                  "const Deadlines__MailStatus *request, Deadlines__MarkReadReply *reply)"
                                  "{ (void)call; (void)request; (void)reply; return STATUS_OK; }\n", "-c")
    assert done.returncode != 0 and "conflicting types for" in done.stderr


def test_a_missing_handler_does_not_link(tmp_path):
    done = compile_with(tmp_path, '#include "deadlines_rpc.h"\nint main(void) { return deadlines_methods[0].name == 0; }\n',
                        str(BUILD / "proto" / "contract" / "deadlines_rpc.c"))
    assert done.returncode != 0 and "undefined reference to `handle_" in done.stderr
