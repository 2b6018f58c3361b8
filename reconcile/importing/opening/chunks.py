"""One pass over the bytes of a text: hashed, checked, and cut into chunks of whole lines.

A file of any size needs the memory of a few chunks.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile.errors import BadFile
from reconcile.importing.opening.files import not_text, unpacked, unpacking
from reconcile.importing.opening.lines import MOST_LINES

if TYPE_CHECKING:
    from typing_extensions import Buffer

CHUNK = 16 << 20
"""Bytes of a chunk: few enough to hold several, enough that planning a query costs little."""

BLOCK = 1 << 20

STEP = 1 << 13
"""Bytes in which line ends are counted at once on the way to a wanted line."""

MOST_BYTES = 1 << 29
"""More bytes with so few line ends are no table, but a bomb that would fill the memory."""

FEW = 20
"""Fewer odd lines than one in so many are looked at apart."""

Progress = Callable[[int, int], None]
"""Called with the bytes of a file that were read, and its size."""

_SPACED = (b'" ', b' "')
_LINE_ENDS = b"\r\n"
_BEFORE_CELLS = (b"\n", b",", b";", b"\t", b"|")
_VISIBLE = bytes(range(0x20, 0x7F))


class NotUtf8(Exception):
    """A text was taken to be UTF-8, and is not."""


@dataclass(frozen=True)
class Chunk:
    """Some whole lines of a text, as UTF-8."""

    text: bytes
    before: int
    """Lines of the file above its first."""
    is_whole: bool = False
    """The file has no other."""
    _plain: dict[tuple[str, int], bytes | None] = field(default_factory=dict, compare=False)

    @cached_property
    def lines(self) -> int:
        """Return its number of lines; a carriage return alone ends one too."""
        returns, pairs = self._returns
        open_end = 0 if self.text[-1:] in (b"\n", b"\r", b"") else 1
        return self.text.count(b"\n") + returns - pairs + open_end

    @cached_property
    def _returns(self) -> tuple[int, int]:
        if b"\r" not in self.text:
            return 0, 0
        return self.text.count(b"\r"), self.text.count(b"\r\n")

    @cached_property
    def is_even(self) -> bool:
        """Return whether every reader agrees on it: one kind of line end, no odd quotes.

        The engine takes `, "x"` for a quoted cell and `,  "x"` not; here it never is one.
        """
        returns, pairs = self._returns
        if returns != pairs or (pairs and pairs != self.text.count(b"\n")):
            return False
        if b'"' not in self.text:
            return True
        is_spaced = any(pair in self.text for pair in _SPACED)
        return not is_spaced and self.text.count(b'"') % 2 == 0

    @property
    def is_line_by_line(self) -> bool:
        """Return whether no record can reach over a line end."""
        return self.is_even and b'"' not in self.text

    @property
    def has_blank_lines(self) -> bool:
        """Return whether a line may be blank, which the engine would skip."""
        return self.text[:1] in (b"\n", b"\r") or b"\n\n" in self.text or b"\n\r" in self.text

    def picked(self, places: Iterable[int]) -> Iterator[str]:
        """Yield some lines without their ends, by their places in rising order from 0.

        Line ends are counted block by block; only blocks with a wanted line are parted.
        """
        start = above = 0
        for place in places:
            while above + (ends := self.text.count(b"\n", start, start + STEP)) < place:
                start, above = start + STEP, above + ends
            begin = start
            for _ in range(place - above):
                begin = self.text.index(b"\n", begin) + 1
            end = self.text.find(b"\n", begin)
            yield self.text[begin : None if end < 0 else end].rstrip(b"\r").decode()

    def plain(self, delimiter: str, width: int) -> bytes | None:
        """Return the text with empty cells in the place of odd lines; None where these are many.

        Plain is a line of visible ASCII, without a quote, in which no cell begins or ends with a
        blank. None, too, where a record may reach over a line end.
        """
        asked = (delimiter, width)
        if asked not in self._plain:
            self._plain[asked] = self._without_odd_lines(delimiter, width)
        return self._plain[asked]

    def _without_odd_lines(self, delimiter: str, width: int) -> bytes | None:
        mark = delimiter.encode()
        if width < 2 or len(mark) > 1 or not self.is_line_by_line:
            return None
        most = self.lines // FEW
        places = list(islice(_odd_places(self.text, mark), most + 1))
        if len(places) > most:
            return None
        return _without(self.text, sorted(places), mark * (width - 1)) if places else self.text

    @cached_property
    def has_exponent(self) -> bool:
        """Return whether an id can be in it that a spreadsheet has damaged, or was kept from it.

        That is 1.23E+15, ="00123" or an apostrophe at the start of a cell.
        """
        text = self.text
        # One byte is found twenty times as fast as two, so these come first.
        if b"=" in text and b'"' in text and b'="' in text:
            return True
        if b"+" in text and (b"E+" in text or b"e+" in text):
            return True
        return b"'" in text and any(mark + b"'" in text for mark in _BEFORE_CELLS)

    def text_lines(self) -> Iterator[str]:
        """Yield the lines with their ends."""
        encoding = "utf-8" if self.before else "utf-8-sig"
        yield from io.TextIOWrapper(io.BytesIO(self.text), encoding=encoding, newline="")


def _odd_places(text: bytes, mark: bytes) -> Iterator[int]:
    """Yield places in the lines of a text that are not plain."""
    kept = _VISIBLE + _LINE_ENDS + mark
    if text.translate(None, kept):
        table = bytes(byte if byte in kept else 0 for byte in range(256))
        yield from _places(text.translate(table), b"\0")
    # Begins with the blank, so that a search leaps from blank to blank.
    pattern = rb" (?:(?=[\r\n%b])|(?<=[\n%b] )|\Z)" % (re.escape(mark), re.escape(mark))
    yield from (found.start() for found in re.finditer(pattern, text))
    if text[:1] == b" ":
        yield 0


def _places(text: bytes, wanted: bytes) -> Iterator[int]:
    """Yield a place of each line that holds what is wanted."""
    place = text.find(wanted)
    while place >= 0:
        yield place
        end = text.find(b"\n", place)
        place = text.find(wanted, end) if end >= 0 else -1


def _without(text: bytes, places: Iterable[int], empty: bytes) -> bytes:
    """Return a text with an empty line in the place of each that holds one of the places."""
    pieces = []
    done = 0
    for place in places:
        if place >= done:
            start = text.rfind(b"\n", 0, place) + 1
            end = text.find(b"\n", place)
            end = len(text) if end < 0 else end
            pieces += [text[done:start], empty]
            done = end - (text[end - 1 : end] == b"\r")
    return b"".join([*pieces, text[done:]])


class _Hashed(io.RawIOBase):
    """A file that hashes and counts what is read of it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self.size = path.stat().st_size
        self.done = 0
        self.hash = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        taken = self._file.readinto(buffer) or 0
        self.hash.update(memoryview(buffer)[:taken])
        self.done += taken
        return taken

    def close(self) -> None:
        self._file.close()
        super().close()


class Chunks:
    """The chunks of a file in their order; one may be given back, and its front cut off.

    The next ones can be read by a thread of its own while the caller waits for the engine: nothing
    here is touched by both at once, because every method waits for that thread first.
    """

    def __init__(self, path: Path, *, name: str, progress: Progress | None = None) -> None:
        """Open a text, plain or packed; `close` closes it again."""
        self._name = name
        self._raw = _Hashed(path)
        self._progress = progress
        self._file = io.BufferedReader(self._raw, BLOCK)
        self._stream = unpacked(self._file, self._file.peek(4))
        self._rest = b""
        self._before = 0
        self._is_done = False
        self._ahead: deque[Chunk] = deque()
        self._reader = ThreadPoolExecutor(1, "reconcile-chunks")
        self._reading: Future[None] | None = None

    def close(self) -> None:
        """Close the file."""
        self._reader.shutdown()
        self._file.close()

    @property
    def sha256(self) -> str:
        """Return the hash of the whole file, what is left of it included."""
        self._settle()
        while self._file.read(BLOCK):
            pass
        return self._raw.hash.hexdigest()

    @property
    def lines(self) -> int:
        """Return the lines read so far."""
        self._settle()
        return self._before

    def take(self, most: int) -> list[Chunk]:
        """Return the next chunks, none at the end.

        Raises:
            BadFile: The file is damaged, or is no text, or is all one line.
            NotUtf8: It is not UTF-8.
        """
        self._settle()
        self._fill(most)
        if self._progress is not None:
            self._progress(self._raw.done, self._raw.size)
        return [self._ahead.popleft() for _ in range(min(most, len(self._ahead)))]

    def give_back(self, chunks: Sequence[Chunk]) -> None:
        """Let these be the next ones."""
        self._settle()
        self._ahead.extendleft(reversed(chunks))

    def read_ahead(self, most: int, prepare: Callable[[Chunk], object]) -> None:
        """Begin to read the next chunks, and to prepare each, while the caller does other work.

        What goes wrong is raised by the method that is called next.
        """
        self._settle()
        self._reading = self._reader.submit(self._fill, most, prepare)

    def _settle(self) -> None:
        """Wait for what is being read."""
        reading, self._reading = self._reading, None
        if reading is not None:
            reading.result()

    def _fill(self, most: int, prepare: Callable[[Chunk], object] = id) -> None:
        while len(self._ahead) < most and (chunk := self._read()):
            prepare(chunk)
            self._ahead.append(chunk)

    def drop(self, lines: int, size: int) -> None:
        """Cut lines of so many bytes off the front of the next chunk."""
        for chunk in self.take(1):
            if len(chunk.text) > size:
                self.give_back([Chunk(chunk.text[size:], chunk.before + lines)])

    def _read(self) -> Chunk | None:
        """Read as many lines as fit, and at least as many as one record may take."""
        text = self._rest
        while not self._is_done and not self._is_enough(text):
            if len(text) > MOST_BYTES:
                raise BadFile(
                    f"{self._name}: below line {self._before}, {len(text):,} bytes hold fewer than "
                    f"{MOST_LINES:,} line ends, so it is no table. Nothing was read."
                )
            text += self._block(max(CHUNK - len(text), len(text)))
        end = len(text) if self._is_done else text.rindex(b"\n") + 1
        self._rest = text[end:]
        if not end:
            return None
        chunk = Chunk(text[:end], self._before, is_whole=self._is_done and not self._before)
        self._check(chunk)
        self._before += chunk.lines
        return chunk

    @staticmethod
    def _is_enough(text: bytes) -> bool:
        """Say whether these are more lines than a record may take; looks at few of them first."""
        return any(text.count(b"\n", 0, end) > MOST_LINES for end in (BLOCK, len(text)))

    def _block(self, size: int) -> bytes:
        with unpacking(self._name):
            block = self._stream.read(size)
        self._is_done = len(block) < size
        return block

    def _check(self, chunk: Chunk) -> None:
        """Refuse what is no text."""
        if b"\0" in chunk.text:
            above = chunk.text[: chunk.text.index(b"\0")].count(b"\n")
            raise not_text(self._name, chunk.before + above + 1)
        if not chunk.text.isascii():
            try:
                chunk.text.decode()
            except UnicodeDecodeError as error:
                raise NotUtf8 from error
