"""Whether a pack is as it was made: every file the manifest lists, to the byte, and no other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconcile.errors import BadFile
from reconcile.exporting.manifest import FORM, MANIFEST, sha256_of

_SEAL = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Checked:
    """What a look at a pack found.

    `faults` are sentences, none for a pack whose files are those of its manifest. `seal` is the
    sha256 of the manifest that is there; whether it is the one that was made, only a seal that was
    kept elsewhere can say.
    """

    pack: str
    buyer: str
    seal: str
    files: int
    faults: tuple[str, ...]


def check_pack(folder: Path) -> Checked:
    """Compare a pack's files with its manifest.

    Raises:
        BadFile: There is no manifest, or it is none that this release can read.
    """
    said = _manifest(folder)
    outputs = {str(one["file"]): one for one in said["outputs"]}
    faults = tuple(_faults(folder, outputs))
    seal = sha256_of(folder / MANIFEST)
    return Checked(str(said["pack"]), str(said["buyer"]), seal, len(outputs), faults)


def is_seal(text: str) -> bool:
    """Return whether a text has the form of a seal."""
    return _SEAL.fullmatch(text) is not None


def _faults(folder: Path, outputs: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    there = {path.name: path for path in sorted(folder.iterdir()) if path.name != MANIFEST}
    for name in sorted(outputs.keys() - there.keys()):
        yield f"{name}: is missing."
    for name in sorted(there.keys() - outputs.keys()):
        yield f"{name}: is not part of the pack; it was added."
    for name, path in there.items():
        if name not in outputs:
            continue
        if path.is_symlink() or not path.is_file():
            yield f"{name}: is no file of its own."
        elif path.stat().st_size != outputs[name]["bytes"]:
            size = path.stat().st_size
            yield f"{name}: was changed; it has {size:,} bytes, not {outputs[name]['bytes']:,}."
        elif sha256_of(path) != outputs[name]["sha256"]:
            yield f"{name}: was changed; its bytes are not those that the manifest lists."


def _manifest(folder: Path) -> Mapping[str, Any]:
    path = folder / MANIFEST
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        form = said["form"]
        if form == FORM:
            _look(said)
    except OSError as error:
        raise BadFile(
            f"{path}: cannot be read ({error.strerror or error}). A pack is a folder that holds a "
            f"{MANIFEST}."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadFile(f"{path}: is no manifest of a pack; it was changed ({error!r}).") from error
    if form != FORM:
        raise BadFile(f"{path}: is of form {form!r}; this release reads form {FORM}.")
    return said  # type: ignore[no-any-return]


def _look(said: Mapping[str, Any]) -> None:
    """Raise as Python does where a manifest lacks what is read of it."""
    for name in ("pack", "buyer"):
        said[name] + ""
    names = [one["file"] + "" for one in said["outputs"]]
    if len(set(names)) != len(names):
        raise ValueError("a file is listed twice")
    for one in said["outputs"]:
        one["sha256"] + ""
        one["bytes"] + 0
