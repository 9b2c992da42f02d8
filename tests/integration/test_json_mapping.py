"""The gateway's JSON is the proto3 JSON mapping: python3-protobuf's json_format is the judge, for every message."""
import base64
import json
import os
import pathlib
import random
import subprocess
import tempfile

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.protobuf.descriptor import FieldDescriptor as Field

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("VEKHA_TEST_BUILD") or ROOT / "build" / "debug")
SEED = int(os.environ.get("VEKHA_SEED", "20200925"))
ROUNDS = 25
TEXTS = ["", "x", "Школа № 5", "«кавычки» \"\\/", "a\tb\nc\rd", "\x01\x1f\x7f", "🏫 é́ ﷽", "\u2028\u2029\u202e", "0" * 500]
RANGES = {Field.CPPTYPE_INT32: (-2**31, 2**31 - 1), Field.CPPTYPE_INT64: (-2**63, 2**63 - 1),
          Field.CPPTYPE_UINT32: (0, 2**32 - 1), Field.CPPTYPE_UINT64: (0, 2**64 - 1)}


def load_messages():
    protos = sorted((ROOT / "proto").glob("*.proto"))
    with tempfile.NamedTemporaryFile() as output:
        subprocess.run(["protoc", f"-I{ROOT / 'proto'}", "-I/usr/include", "--include_imports",
                        f"--descriptor_set_out={output.name}", *map(str, protos)], check=True)
        files = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(output.name).read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    names = [f"{file.package}.{message.name}" for file in files.file for message in file.message_type]
    wanted = [name for name in names if name.startswith("vekha.") and name.count(".") == 2]
    return {name: factory.GetPrototype(pool.FindMessageTypeByName(name)) for name in sorted(wanted)}


MESSAGES = load_messages()


class Filter:
    """tests/support/json_round_trip.c, kept running."""

    def __init__(self):
        self.process = subprocess.Popen([str(BUILD / "bin" / "json_round_trip")], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def ask(self, name, text):
        data = text if isinstance(text, bytes) else text.encode()
        self.process.stdin.write(name.encode() + b"\t" + data + b"\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().decode().rstrip("\n").split("\t")

    def close(self):
        self.process.stdin.close()
        assert self.process.wait(10) == 0


@pytest.fixture(scope="module")
def mapping():
    running = Filter()
    yield running
    running.close()


def some_value(field, rng):
    if field.cpp_type in RANGES:
        low, high = RANGES[field.cpp_type]
        return rng.choice([low, high, 0, 1, rng.randint(low, high), rng.randint(0, 1000)])
    if field.cpp_type == Field.CPPTYPE_BOOL:
        return rng.random() < 0.5
    if field.cpp_type == Field.CPPTYPE_ENUM:
        return rng.choice(field.enum_type.values).number
    if field.cpp_type in (Field.CPPTYPE_DOUBLE, Field.CPPTYPE_FLOAT):
        return float(rng.randint(-1000, 1000)) / 8
    if field.type == Field.TYPE_BYTES:
        return rng.randbytes(rng.randint(0, 40))
    return rng.choice(TEXTS) + rng.choice(TEXTS)


def fill(message, rng, depth=0):
    for field in message.DESCRIPTOR.fields:
        if rng.random() < 0.25:
            continue
        if field.label == Field.LABEL_REPEATED:
            for _ in range(rng.randint(0, 3)):
                if field.cpp_type == Field.CPPTYPE_MESSAGE:
                    fill(getattr(message, field.name).add(), rng, depth + 1)
                else:
                    getattr(message, field.name).append(some_value(field, rng))
        elif field.cpp_type == Field.CPPTYPE_MESSAGE:
            inner = getattr(message, field.name)
            inner.SetInParent()
            fill(inner, rng, depth + 1)
        else:
            setattr(message, field.name, some_value(field, rng))
    return message


def one_line(document):
    return json.dumps(document, ensure_ascii=False)


@pytest.mark.parametrize("name", MESSAGES)
def test_what_the_oracle_writes_is_read_and_written_the_same(mapping, name):
    rng = random.Random(f"{SEED} {name}")
    for _ in range(ROUNDS):
        message = fill(MESSAGES[name](), rng)
        expected = json_format.MessageToDict(message, including_default_value_fields=True)
        for document in (json_format.MessageToDict(message), expected,
                         json_format.MessageToDict(message, preserving_proto_field_name=True)):
            answer = mapping.ask(name, one_line(document))
            if answer[0] == "unknown":
                pytest.skip("reached by no method and no event")
            assert answer[0] == "ok", (document, answer)
            assert json.loads(answer[1]) == expected
        assert json_format.Parse(answer[1], MESSAGES[name]()) == message


def test_nearly_every_message_is_reached(mapping):
    unknown = [name for name in MESSAGES if mapping.ask(name, "{}")[0] == "unknown"]
    # The envelope's own messages and those of the feed's door, which speaks protobuf alone, never become JSON.
    binary = ("vekha.bus.", "vekha.Method", "vekha.Field", "vekha.feed.")
    assert not [name for name in unknown if not name.startswith(binary)]


def variants(field):
    """Values that some reader might take for this field."""
    yield from (None, True, False, 0, 1, -1, 1.0, 1.5, 1e300, 2**31, 2**32, 2**53, "", "1", "-1", "1.5", "x", "true",
                " 1", "1 ", "0x1", "ROLE_OPERATOR", "role_operator", 99, [], {}, [1], ["x"], [None], [{}], {"x": 1},
                "AQI=", "AQI", "_-8=", "/+8=", "A", "====", "AQ=I")


# Where we are stricter than the oracle, on purpose: what nobody writes who means it.
def is_stricter(field, value):
    if field.cpp_type in RANGES:
        # Python's int() takes blanks and digits of other scripts.
        return isinstance(value, str) and not value.lstrip("-").isdecimal()
    if field.cpp_type == Field.CPPTYPE_ENUM:
        # The oracle keeps numbers it does not know, and takes true for 1.
        return isinstance(value, bool) or str(value).strip().lstrip("-").replace(".", "").isdecimal()
    if field.cpp_type == Field.CPPTYPE_MESSAGE:
        # Anything empty has no members to complain about.
        return not value
    return field.type == Field.TYPE_BYTES


def oracle_takes(kind, text):
    try:
        return json_format.Parse(text, kind())
    except (json_format.ParseError, ValueError, TypeError, AttributeError):
        return None


def test_what_the_oracle_refuses_is_refused(mapping):
    seen, stricter = 0, 0
    fields = {(field.type, field.label): (name, kind, field) for name, kind in MESSAGES.items()
              for field in kind.DESCRIPTOR.fields if mapping.ask(name, "{}")[0] == "ok"}
    for name, kind, field in fields.values():
        for value in variants(field):
            text = one_line({field.json_name: value})
            answer, message = mapping.ask(name, text), oracle_takes(kind, text)
            seen += 1
            if message is None:
                assert answer[0] == "refused", (name, field.name, value, answer)
            elif answer[0] == "refused":
                assert is_stricter(field, value), (name, field.name, value, answer)
                stricter += 1
            else:
                expected = json_format.MessageToDict(message, including_default_value_fields=True)
                assert json.loads(answer[1]) == expected, (name, field.name, value)
            if answer[0] == "refused" and answer[1] == "invalid":
                assert answer[2].startswith(field.json_name), (text, answer)
    assert seen > 300
    assert stricter < seen / 10


@pytest.mark.parametrize("text", ["", "{", "}", "[]", "null", "1", "\"x\"", "{\"value\"}", "{\"value\":}", "{\"value\":\"a\"",
                                  "{\"value\":\"a\",}", "{value:1}", "{'value':'1'}", "{\"value\":\"\\x\"}",
                                  "{\"value\":\"\\u0000\"}", "{\"value\":\"\\ud800\"}", "{\"value\":01}", "{\"value\":+1}",
                                  "{\"value\":NaN}", "{\"value\":Infinity}", "{\"value\":\"a\"}{}", "// x\n{}",
                                  "{\"value\":\"a\",\"value\":\"b\"}", "[" * 20 + "]" * 20, "{\"nothing\":1}",
                                  "{\"Value\":\"a\"}", "{\"second__value\":\"a\"}", "{\"secondValue\":\"1\",\"second_value\":\"2\"}"])
def test_broken_documents_are_refused(mapping, text):
    answer = mapping.ask("vekha.submissions.SaveValueRequest", text.replace("\n", " "))
    assert answer[0] == "refused", answer


def test_bytes_that_are_no_text_are_refused(mapping):
    for data in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82"):
        answer = mapping.ask("vekha.submissions.SaveValueRequest", b'{"value":"' + data + b'"}')
        assert answer[:2] == ["refused", "malformed"]


def test_base64_comes_in_both_alphabets(mapping):
    for size in range(0, 20):
        data = bytes((i * 37 + 250) % 256 for i in range(size))
        for text in (base64.b64encode(data), base64.urlsafe_b64encode(data), base64.b64encode(data).rstrip(b"=")):
            answer = mapping.ask("vekha.files.AppendUploadRequest", one_line({"data": text.decode()}))
            assert base64.b64decode(json.loads(answer[1])["data"]) == data
