"""One pass over the bytes of a text: hashed, checked, and cut into chunks of whole lines.

A file of any size needs the memory of a few chunks.
"""

from __future__ import annotations

import gzip
import hashlib
import io
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile.importing.lines import MOST_LINES
from reconcile.importing.opening import GZIP, not_text, unpacking

if TYPE_CHECKING:
    from typing_extensions import Buffer

CHUNK = 16 << 20
"""Bytes of a chunk: few enough to hold several, enough that planning a query costs little."""

BLOCK = 1 << 20

Progress = Callable[[int, int], None]
"""Called with the bytes of a file that were read, and its size."""

_SPACED = (b'" ', b' "')
_LINE_ENDS = b"\r\n"
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

    def is_plain(self, delimiter: str) -> bool:
        """Return whether all is visible ASCII, and no cell begins or ends with a blank."""
        mark = delimiter.encode()
        if not self.text.isascii() or self.text.translate(None, _VISIBLE + _LINE_ENDS + mark):
            return False
        if b" " not in self.text:
            return True
        pairs = (b" " + mark, mark + b" ", b" \n", b"\n ", b" \r", *_SPACED)
        outer = self.text[:1] + self.text[-1:]
        return b" " not in outer and not any(pair in self.text for pair in pairs)

    @property
    def has_exponent(self) -> bool:
        """Return whether a number such as 1.23E+15 can be in it."""
        return b"+" in self.text and b"E+" in self.text

    def text_lines(self) -> Iterator[str]:
        """Yield the lines with their ends."""
        encoding = "utf-8" if self.before else "utf-8-sig"
        yield from io.TextIOWrapper(io.BytesIO(self.text), encoding=encoding, newline="")


class _Hashed(io.RawIOBase):
    """A file that hashes and counts what is read of it."""

    def __init__(self, path: Path, progress: Progress | None) -> None:
        self._file = path.open("rb", buffering=0)
        self._size = path.stat().st_size
        self._progress = progress
        self._done = 0
        self.hash = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        taken = self._file.readinto(buffer) or 0
        self.hash.update(memoryview(buffer)[:taken])
        self._done += taken
        if self._progress is not None:
            self._progress(self._done, self._size)
        return taken

    def close(self) -> None:
        self._file.close()
        super().close()


class Chunks:
    """The chunks of a file in their order; one may be given back, and its front cut off."""

    def __init__(self, path: Path, *, name: str, progress: Progress | None = None) -> None:
        """Open a text, plain or gzipped; `close` closes it again."""
        self._name = name
        self._raw = _Hashed(path, progress)
        self._file = io.BufferedReader(self._raw, BLOCK)
        is_packed = self._file.peek(2).startswith(GZIP)
        self._stream = gzip.GzipFile(fileobj=self._file) if is_packed else self._file
        self._rest = b""
        self._before = 0
        self._is_done = False
        self._ahead: deque[Chunk] = deque()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def sha256(self) -> str:
        """Return the hash of the whole file, what is left of it included."""
        while self._file.read(BLOCK):
            pass
        return self._raw.hash.hexdigest()

    @property
    def lines(self) -> int:
        """Return the lines read so far."""
        return self._before

    def take(self, most: int) -> list[Chunk]:
        """Return the next chunks, none at the end.

        Raises:
            BadFile: The file is damaged, or is no text.
            NotUtf8: It is not UTF-8.
        """
        while len(self._ahead) < most and (chunk := self._read()):
            self._ahead.append(chunk)
        return [self._ahead.popleft() for _ in range(min(most, len(self._ahead)))]

    def give_back(self, chunks: Sequence[Chunk]) -> None:
        """Let these be the next ones."""
        self._ahead.extendleft(reversed(chunks))

    def drop(self, lines: int, size: int) -> None:
        """Cut lines of so many bytes off the front of the next chunk."""
        for chunk in self.take(1):
            if len(chunk.text) > size:
                self.give_back([Chunk(chunk.text[size:], chunk.before + lines)])

    def _read(self) -> Chunk | None:
        """Read as many lines as fit, and at least as many as one record may take."""
        text = self._rest
        while not self._is_done and text.count(b"\n") <= MOST_LINES:
            text += self._block(max(CHUNK - len(text), len(text)))
        end = len(text) if self._is_done else text.rindex(b"\n") + 1
        self._rest = text[end:]
        if not end:
            return None
        chunk = Chunk(text[:end], self._before, is_whole=self._is_done and not self._before)
        self._check(chunk)
        self._before += chunk.lines
        return chunk

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
