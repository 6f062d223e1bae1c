"""What a disk would hold after a power cut: a recording of system calls, and a replay that forgets.

``strace`` records in order what the server's processes write, flush and answer. The replay applies a
write to a file's lasting contents only once a flush of that file, begun after the write, has ended.
The shared-memory file of SQLite is left out: it does not survive, and is made anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "pwrite64,write,writev,sendto,sendmsg,fdatasync,fsync,ftruncate,unlink,unlinkat"
_LINE = re.compile(r"(\d+) +(\w+)\((.*)")
_RESUMED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)")
_FILE = re.compile(r"\d+<([^>]*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_OFFSET = re.compile(r", (\d+), (\d+)(?:\)| <)")
_LENGTH = re.compile(r">, (\d+)")


def recording(file: Path) -> tuple[str, ...]:
    """The command that records the server that follows it."""
    return (
        "strace", "-f", "-y", "-xx", "-s", "1000000", "--seccomp-bpf", "-qq",
        "-e", f"trace={CALLS}", "-o", str(file),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes written at a place of a file; no bytes cut the file off there."""

    path: str
    at: int
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Flush:
    """A flush of a file that began (``done`` is False) or that ended well, by one thread."""

    path: str
    thread: str
    done: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """Bytes on their way to somebody, from the moment at which they may be read."""

    data: bytes


Event = Write | Flush | Sent


def events(recorded: Path, names: frozenset[str]) -> Iterator[Event]:
    """What was recorded, in order, of these files and of all sockets."""
    flushing: dict[str, str] = {}
    with recorded.open("r", encoding="ascii", errors="replace") as lines:
        for line in lines:
            if resumed := _RESUMED.match(line):
                thread, call, rest = resumed.groups()
                if call in ("fdatasync", "fsync") and thread in flushing and "= 0" in rest:
                    yield Flush(flushing.pop(thread), thread, done=True)
                continue
            if started := _LINE.match(line):
                yield from _event(*started.groups(), names=names, flushing=flushing)


def _event(
    thread: str, call: str, rest: str, *, names: frozenset[str], flushing: dict[str, str]
) -> Iterator[Event]:
    file = _FILE.match(rest)
    if file is None:
        return
    name = _bytes(file[1]).decode()
    if name.startswith(("socket:", "TCP")):
        yield Sent(b"".join(map(_bytes, _TEXT.findall(rest))))
    elif name not in names:
        return
    elif call == "pwrite64":
        data, place = _TEXT.search(rest), _OFFSET.search(rest)
        if data is None or place is None:
            raise ValueError(f"a write that was not recorded whole: {rest[:100]}")
        yield Write(name, int(place[2]), _bytes(data[1]))
    elif call == "ftruncate":
        length = _LENGTH.search(rest)
        assert length is not None
        yield Write(name, int(length[1]), None)
    elif call in ("fdatasync", "fsync"):
        yield Flush(name, thread, done=False)
        if "unfinished" in rest:
            flushing[thread] = name
        elif "= 0" in rest:
            yield Flush(name, thread, done=True)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass(slots=True)
class Disk:
    """Files as they would be found after a power cut now."""

    lasting: dict[str, bytearray]
    _waiting: dict[str, list[Write]] = field(default_factory=dict)
    _flushing: dict[tuple[str, str], int] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """Let the next thing happen."""
        if isinstance(event, Write):
            self._waiting.setdefault(event.path, []).append(event)
        elif isinstance(event, Flush):
            waiting = self._waiting.setdefault(event.path, [])
            flush = (event.path, event.thread)
            if not event.done:
                self._flushing[flush] = len(waiting)
                return
            count = self._flushing.pop(flush)
            for write in waiting[:count]:
                self._keep(write)
            del waiting[:count]
            for other in self._flushing:
                if other[0] == event.path:
                    self._flushing[other] = max(self._flushing[other] - count, 0)

    def _keep(self, write: Write) -> None:
        contents = self.lasting.setdefault(write.path, bytearray())
        if write.data is None:
            del contents[write.at :]
            contents.extend(bytes(write.at - len(contents)))
            return
        contents.extend(bytes(max(write.at - len(contents), 0)))
        contents[write.at : write.at + len(write.data)] = write.data

    def found(self, folder: Path, name: str) -> Path:
        """Put into ``folder`` what is left of a database and its log; the database's file."""
        folder.mkdir(parents=True, exist_ok=True)
        for path in (name, f"{name}-wal"):
            target = folder / Path(path).name
            target.unlink(missing_ok=True)
            if self.lasting.get(path):
                target.write_bytes(self.lasting[path])
        (folder / f"{Path(name).name}-shm").unlink(missing_ok=True)
        return folder / Path(name).name
