"""Misbehaves towards a server as the open internet does, at a bounded pace: `storm.py URL SECONDS IDLE`.

Says `blowing` once it is at full strength, blows for so many seconds, and prints one line per kind of misbehaviour:
`kind<TAB>connections<TAB>outcome=count …`. Up to IDLE connections do nothing at all; those that the server closes are
not opened again. It needs a file for each, and says how many the system let it have.
"""

import asyncio
import os
import resource
import socket
import struct
import sys
from collections import Counter, defaultdict
from urllib.parse import urlsplit

# How many of each kind begin in a second.
PACE = {
    "slow header": 20,
    "slow reader": 10,
    "garbage": 50,
    "huge header": 20,
    "pipelined requests": 5,
    "early close": 100,
    "HTTP/2 with resets": 50,
}
# How many idle connections are opened in a second, until there are enough.
IDLE_PACE = 1_000
# Files for the other kinds.
OTHERS = 2_000

H2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
# A request on each of a hundred streams, and its end at once.
H2_RESETS = b"".join(
    bytes([0, 0, 3, 1, 5]) + stream.to_bytes(4, "big") + b"\x82\x84\x86" + bytes([0, 0, 4, 3, 0]) + stream.to_bytes(4, "big") + bytes([0, 0, 0, 8])
    for stream in range(1, 201, 2)
)


class Storm:
    def __init__(self, url: str, seconds: float, idle: int) -> None:
        parts = urlsplit(url)
        self.address = (parts.hostname, parts.port)
        self.path = parts.path
        self.seconds = seconds
        self.idle = idle
        self.begun = Counter()
        self.outcomes = defaultdict(Counter)
        self.over = asyncio.Event()
        self.tasks = set()

    def request(self, extra: str = "") -> bytes:
        return f"GET {self.path} HTTP/1.1\r\nHost: {self.address[0]}\r\n{extra}\r\n".encode()

    async def connect(self) -> socket.socket:
        one = socket.socket()
        one.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(one, self.address)
        except OSError:
            one.close()
            raise
        return one

    async def rest(self, one: socket.socket) -> str:
        """How it ends: by the first status the server answers, closed without one, or still open when all is over."""
        loop = asyncio.get_running_loop()
        begin = b""
        while True:
            reading = asyncio.ensure_future(loop.sock_recv(one, 65536))
            ending = asyncio.ensure_future(self.over.wait())
            await asyncio.wait({reading, ending}, return_when=asyncio.FIRST_COMPLETED)
            ending.cancel()
            if not reading.done():
                reading.cancel()
                return word(begin) or "still open"
            piece = reading.result()
            if not piece:
                return word(begin) or "closed"
            begin = (begin + piece)[:64]

    async def misbehave(self, kind: str) -> str:
        loop = asyncio.get_running_loop()
        one = await self.connect()
        try:
            match kind:
                case "idle":
                    return await self.rest(one)
                case "slow header":
                    for byte in self.request("X: " + "x" * 1_000 + "\r\n"):
                        await loop.sock_sendall(one, bytes([byte]))
                        await asyncio.sleep(0.2)
                        if self.over.is_set():
                            return "still open"
                    return await self.rest(one)
                case "slow reader":
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
                    sending = loop.sock_sendall(one, self.request() * 200)
                    await asyncio.wait({asyncio.ensure_future(sending), asyncio.ensure_future(self.over.wait())}, return_when=asyncio.FIRST_COMPLETED)
                    await self.over.wait()
                    return "still unread"
                case "garbage":
                    await loop.sock_sendall(one, os.urandom(500) + b"\r\n\r\n")
                case "huge header":
                    await loop.sock_sendall(one, self.request("X: " + "x" * 100_000 + "\r\n"))
                case "pipelined requests":
                    await loop.sock_sendall(one, self.request() * 99 + self.request("Connection: close\r\n"))
                case "early close":
                    await loop.sock_sendall(one, self.request())
                    reset(one)
                    return "left"
                case "HTTP/2 with resets":
                    await loop.sock_sendall(one, H2 + H2_RESETS)
            return await self.rest(one)
        finally:
            one.close()

    async def one(self, kind: str) -> None:
        self.begun[kind] += 1
        try:
            outcome = await self.misbehave(kind)
        except OSError as error:
            outcome = os.strerror(error.errno) if error.errno else type(error).__name__
        self.outcomes[kind][outcome] += 1

    async def many(self, kind: str, pace: float, most: int | None = None) -> None:
        """Begins evenly, and no more than the pace says even after the machine has been slow."""
        while not self.over.is_set() and (most is None or self.begun[kind] < most):
            task = asyncio.ensure_future(self.one(kind))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
            await asyncio.sleep(1 / pace)

    async def blow(self) -> None:
        await self.many("idle", IDLE_PACE, self.idle)
        kinds = [asyncio.ensure_future(self.many(kind, pace)) for kind, pace in PACE.items()]
        await asyncio.sleep(1)
        print("blowing", flush=True)
        await asyncio.sleep(self.seconds)
        self.over.set()
        await asyncio.gather(*kinds)
        while self.tasks:
            await asyncio.wait(set(self.tasks), timeout=1)
        for kind in ["idle", *PACE]:
            outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in self.outcomes[kind].most_common())
            print(f"{kind}\t{self.begun[kind]}\t{outcomes}", flush=True)


def word(answer: bytes) -> str:
    if answer.startswith(b"HTTP/1."):
        return answer.split(b" ")[1].decode()
    return "GOAWAY" if answer else ""


def reset(one: socket.socket) -> None:
    """Has the kernel cut the connection instead of ending it."""
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def main() -> None:
    url, seconds, idle = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = idle + OTHERS
    files = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if files > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    asyncio.run(Storm(url, seconds, min(idle, max(files, soft) - OTHERS)).blow())


main()
