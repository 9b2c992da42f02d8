"""The contract's messages for Python, made by protoc when asked for: the oracle decodes streams by itself."""
import pathlib
import subprocess
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Messages:
    def __init__(self):
        with tempfile.TemporaryDirectory(prefix="vekha-messages-") as folder:
            path = pathlib.Path(folder) / "set"
            subprocess.run(["protoc", f"-I{ROOT / 'proto'}", "-I/usr/include", "--include_imports",
                            f"--descriptor_set_out={path}", "envelope.proto", "events.proto"], check=True)
            files = descriptor_pb2.FileDescriptorSet.FromString(path.read_bytes()).file
        self.pool = descriptor_pool.DescriptorPool()
        for file in files:
            self.pool.Add(file)
        self.factory = message_factory.MessageFactory(self.pool)
        self.known = {}

    def type(self, name):
        """The class of vekha.events.SubmissionSent and the like."""
        if name not in self.known:
            self.known[name] = self.factory.GetPrototype(self.pool.FindMessageTypeByName(name))
        return self.known[name]

    def batch(self, packed):
        return self.type("vekha.bus.EventBatch").FromString(bytes(packed))

    def event(self, event):
        return self.type("vekha.events." + event.type).FromString(event.payload)
