"""The secret by which personal values are hashed: who can guess a value cannot check the guess.

One home has one salt, so a value hashes alike in all of its files, and matching by it still works.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes, token_hex

from reconcile.errors import WarehouseError

BYTES = 32

_TEXT = re.compile(rf"[0-9a-f]{{{2 * BYTES}}}\n")

_OWN = token_bytes(BYTES)
"""Of this process alone, where nothing is stored."""


@dataclass(frozen=True)
class Salt:
    """The salt of a home, made when it is first needed."""

    path: Path | None = None
    """Where it is kept; None for one that dies with the process, as of a comparison."""

    def hashed(self, text: str) -> str:
        """Return 64 hexadecimal digits that only this salt makes of a text (HMAC-SHA-256).

        Raises:
            WarehouseError: The salt cannot be read or written, or is damaged.
        """
        return hmac.new(self._key(), text.encode(), hashlib.sha256).hexdigest()

    def mark(self) -> str:
        """Return what tells one salt from another, and nothing else of it; raises as `hashed`."""
        return self.hashed("the salt of reconcile")[:16]

    def _key(self) -> bytes:
        if self.path is None:
            return _OWN
        try:
            if not self.path.exists():
                _make(self.path)
            text = self.path.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise WarehouseError(f"{self.path}: the salt cannot be used ({error}).") from error
        if not _TEXT.fullmatch(text):
            raise WarehouseError(
                f"{self.path}: is damaged: it must hold {2 * BYTES} hexadecimal digits. Put it "
                "back from a backup; with another one, values hash otherwise than before."
            )
        return bytes.fromhex(text)


def salt_of(home: Path, *, makes: bool = True) -> Salt:
    """Return the salt of a home; with `makes` it is made when needed, else only one that is there.

    It is a file of the home, `salt`, that its owner alone can read. It is never printed.
    """
    path = home / "salt"
    return Salt(path if makes or path.exists() else None)


def _make(path: Path) -> None:
    """Write a new salt whole; of two processes that do so, the first one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".salt-{token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(token_hex(BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
