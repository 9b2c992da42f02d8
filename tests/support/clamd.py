"""A virus scanner for tests: speaks clamd's INSTREAM and knows one signature, the EICAR test file's."""
import socket
import struct
import threading

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner:
    def __init__(self, path):
        self.path = str(path)
        self.scanned = []
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(self.path)
        self.listener.listen(16)
        threading.Thread(target=self.serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # shutdown wakes the thread in accept(), close alone does not.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def serve(self):
        while True:
            try:
                channel, _ = self.listener.accept()
            except OSError:
                return
            with channel, channel.makefile("rb") as stream:
                if stream.read(10) == b"zINSTREAM\0":
                    content = b"".join(iter(lambda: self.read_piece(stream), b""))
                    self.scanned.append(content)
                    channel.sendall(b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0")

    @staticmethod
    def read_piece(stream):
        (size,) = struct.unpack("!I", stream.read(4))
        return stream.read(size)
