"""Homes that are loaded once in a process and copied for every test that begins with them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

_FOLDER = tempfile.TemporaryDirectory(prefix="loaded-once-", ignore_cleanup_errors=True)


@dataclass(frozen=True)
class _Loaded:
    """What was answered once, and the folder of the home and the files that it left."""

    answer: Any
    folder: Path


_LOADED: dict[Hashable, _Loaded] = {}


def loaded_once(load: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a function that writes files to a folder and loads them into the home.

    It is really called once in a process with the same arguments. From then on the home and the
    files that it left are copied, so that a test may change its own; what it returned must
    be something that nobody changes. Files keep the path that they were first loaded from. In a
    home that holds something already it is always called.
    """

    @wraps(load)
    def loaded(folder: Path, *arguments: Hashable) -> Any:
        home = Path(os.environ["RECONCILE_HOME"])
        if home.is_dir() and any(home.iterdir()):
            return load(folder, *arguments)
        key = (load.__module__, load.__qualname__, arguments)
        if key not in _LOADED:
            _LOADED[key] = _really(load, arguments)
        once = _LOADED[key]
        shutil.copytree(once.folder / "home", home, dirs_exist_ok=True)
        shutil.copytree(once.folder / "files", folder, dirs_exist_ok=True)
        return once.answer

    return loaded


def _really(load: Callable[..., Any], arguments: tuple[Hashable, ...]) -> _Loaded:
    made = Path(tempfile.mkdtemp(dir=_FOLDER.name))
    for name in ("home", "files"):
        (made / name).mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECONCILE_HOME", str(made / "home"))
        return _Loaded(load(made / "files", *arguments), made)
