"""A pack that was touched is found out: by its manifest, by its seal, by the catalog."""

from __future__ import annotations

import json
import shutil

import pytest

from cli_help import assert_refused, call
from reconcile import open_store
from reconcile.disputing import verify_pack
from reconcile.errors import BadFile, BadParameters
from reconcile.exporting.manifest import sha256_of
from reconcile.packing import make_pack


@pytest.fixture(scope="module")
def made(hostile_month, tmp_path_factory):
    """Return the home of a world, and a pack of it with three files."""
    home = shutil.copytree(hostile_month, tmp_path_factory.mktemp("homes") / "home")
    with open_store(home) as store:
        folder = tmp_path_factory.mktemp("files") / "pack"
        pack = make_pack(store, store.runs()[0].id, "acme", folder, sheet_rows=2)
    return home, pack


@pytest.fixture
def pack(made, tmp_path):
    """Return a copy of the pack's folder."""
    return shutil.copytree(made[1].folder, tmp_path / "pack")


NAMES = ["dispute_pack.xlsx", "dispute_pack.html", "rows_unclaimed_event.csv"]


def test_an_untouched_pack_is_whole(made, pack):
    """Files alone, with the seal that was told, and with the catalog that made it."""
    home, told = made
    assert verify_pack(pack).is_proven is None
    with open_store(home) as store:
        for asked in ({}, {"seal": told.seal}, {"store": store}, {"seal": told.seal.upper()}):
            found = verify_pack(pack, **asked)
            assert (found.is_whole, found.checked.files) == (True, 3), asked
            assert found.is_proven is (True if asked else None)


def _flip(path, place):
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", [0, 200, -1])
def test_one_changed_byte_is_found(pack, name, place):
    """In any file, at any place; nothing else is said of the pack."""
    _flip(pack / name, place)
    found = verify_pack(pack)
    assert [fault.split(":")[0] for fault in found.checked.faults] == [name]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_missing_longer_or_a_link_is_found(pack, name, tmp_path):
    """Each is told by its name."""
    kept = shutil.copy(pack / name, tmp_path / name)
    (pack / name).unlink()
    assert verify_pack(pack).checked.faults == (f"{name}: is missing.",)
    (pack / name).symlink_to(kept)
    assert verify_pack(pack).checked.faults == (f"{name}: is no file of its own.",)
    (pack / name).unlink()
    (pack / name).write_bytes(kept.read_bytes() + b"\n")
    [fault] = verify_pack(pack).checked.faults
    assert "was changed; it has" in fault


@pytest.mark.parametrize("name", ["more.csv", ".hidden", "folder"])
def test_a_file_that_was_added_is_found(pack, name):
    """Also a hidden one, and a folder."""
    (pack / name).mkdir() if name == "folder" else (pack / name).touch()
    assert verify_pack(pack).checked.faults == (f"{name}: is not part of the pack; it was added.",)


def _forge(folder):
    """Change a file and write its new hash into the manifest, as who forges a pack would."""
    path = folder / "rows_unclaimed_event.csv"
    path.write_bytes(path.read_bytes().replace(b"25.0000", b"99.0000"))
    manifest = folder / "manifest.json"
    said = json.loads(manifest.read_text("utf-8"))
    for one in said["outputs"]:
        if one["file"] == path.name:
            one["sha256"], one["bytes"] = sha256_of(path), path.stat().st_size
    manifest.write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def test_a_forged_manifest_is_found_by_seal_and_by_catalog_only(made, pack):
    """Its files fit it: only what was kept elsewhere knows better."""
    home, told = made
    _forge(pack)
    assert verify_pack(pack).is_whole
    assert verify_pack(pack).is_proven is None
    with open_store(home) as store:
        for asked in ({"seal": told.seal}, {"store": store}):
            found = verify_pack(pack, **asked)
            assert (found.is_whole, found.is_proven) == (False, False)
            assert "is not the one that was made" in found.checked.faults[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said | {"buyer": "other"},
        lambda said: said | {"previous": None, "more": 1},
        lambda said: said | {"bridge": []},
    ],
)
def test_a_changed_manifest_is_found(made, pack, change):
    """Whatever of it was changed, the seal is another."""
    path = pack / "manifest.json"
    path.write_text(json.dumps(change(json.loads(path.read_text("utf-8")))), encoding="utf-8")
    with open_store(made[0]) as store:
        assert not verify_pack(pack, store=store).is_whole


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "is a folder that holds"),
        ("", "no manifest of a pack"),
        ("[]", "no manifest of a pack"),
        ("{}", "no manifest of a pack"),
        ('{"form": 2}', "form 2"),
        ('{"form": 1, "pack": "p", "buyer": "b"}', "no manifest of a pack"),
        ('{"form": 1, "pack": 1, "buyer": "b", "outputs": []}', "no manifest of a pack"),
        ('{"form": 1, "pack": "p", "buyer": "b", "outputs": [{"file": 1}]}', "no manifest"),
    ],
)
def test_what_is_no_manifest_is_refused(pack, text, words):
    """In one sentence."""
    path = pack / "manifest.json"
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile, match=words):
        verify_pack(pack)


def test_the_command_line_says_what_is_proven(made, pack, monkeypatch, tmp_path):
    """Exit code 1 where something speaks against the pack; no warehouse is needed, or made."""
    empty = tmp_path / "none"
    monkeypatch.setenv("RECONCILE_HOME", str(empty))
    ran = call("verify-pack", pack)
    assert (ran.code, empty.exists()) == (0, False)
    assert "nothing proves the manifest" in ran.out
    assert made[1].seal in ran.out
    assert "is the one that was made" in call("verify-pack", pack, "--seal", made[1].seal).out
    assert "is the one that was made" in call("verify-pack", pack, "--home", made[0]).out
    _flip(pack / NAMES[0], 30)
    assert_refused(call("verify-pack", pack), f"{NAMES[0]}: was changed", code=1)
    assert_refused(call("verify-pack", pack, "--seal", "abc"), "is no seal")
    with pytest.raises(BadParameters, match="64 hexadecimal"):
        verify_pack(pack, seal="z" * 64)
