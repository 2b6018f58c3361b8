"""What only a person can answer, as data: the question, its answers, and what speaks for them.

An answer is a line of the mapping, so that it can be kept and given again.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from reconcile.errors import QuestionOpen

_TABLES = {
    "columns": 1,
    "constants": 1,
    "period": 1,
    "units": 1,
    "status": 1,
    "status_event": 1,
    "alias": 2,
}
"""First word of the keys that have more than one, and how many words name their table."""

_LISTS = ("ignore", "drop", "hash", "trust")


@dataclass(frozen=True)
class Choice:
    """One of the answers a question may have."""

    value: str
    meaning: str = ""
    """What the answer says; blank where the value says it."""
    key: str = ""
    """Line of the mapping that it fills, where it is not the question's."""


@dataclass(frozen=True)
class Question:
    """Something that a file does not say and nobody has stated."""

    key: str
    """Line of the mapping that an answer fills: `zone`, `columns.revenue`, `status.Sold`."""
    text: str
    """What is asked and why; whole sentences, without the file's name."""
    choices: tuple[Choice, ...] = ()
    evidence: tuple[str, ...] = ()
    """What the file shows, a line each."""
    suggestion: str | None = None
    """Value of `key` that the evidence speaks for; `--yes` takes it. None where nothing does."""
    is_free: bool = False
    """Other values than those of the choices, which are examples then, may be answered."""
    is_first: bool = False
    """Nothing else of the file can be told before it is answered."""

    @property
    def answers(self) -> tuple[tuple[str, str], ...]:
        """Return the (key, value) of each choice."""
        return tuple((choice.key or self.key, choice.value) for choice in self.choices)

    @property
    def suggested(self) -> tuple[str, str] | None:
        """Return the suggested (key, value), if there is one."""
        return None if self.suggestion is None else (self.key, self.suggestion)

    def told(self) -> str:
        """Return the question with its evidence and the syntax of its answers, as lines."""
        lines = [self.text, *(f"  {line}" for line in self.evidence)]
        for (key, value), choice in zip(self.answers, self.choices, strict=True):
            note = [choice.meaning] if choice.meaning else []
            note += ["suggested: --yes takes it"] if (key, value) == self.suggested else []
            lines.append(f"  {option(key, value)}" + (f"    ({'; '.join(note)})" if note else ""))
        if not self.choices:
            lines.append(f"  {option(self.key, '...')}")
        key, value = self.suggested or next(iter(self.answers), (self.key, "..."))
        such = "" if self.suggested or len(self.choices) == 1 else ", for example"
        lines.append(f"  or in the mapping{such}: {toml_line(key, value)}")
        return "\n".join(lines)


def asked(
    name: str, questions: Iterable[Question], *, offers: Iterable[Question] = ()
) -> QuestionOpen:
    """Return the error that tells the open questions of a file, with the syntax of an answer.

    Args:
        name: The file, as the caller gave it.
        questions: One at least; the same one is told once.
        offers: What need not be answered for the import, but later; told below.
    """
    open_, later = tuple(dict.fromkeys(questions)), tuple(dict.fromkeys(offers))
    text = f"{name}: {open_[0].told()}"
    if len(open_) > 1:
        told = (f"{number}. {question.told()}" for number, question in enumerate(open_, start=1))
        text = f"{name}: {len(open_)} questions are open.\n" + "\n".join(told)
    if later:
        text += "\nThe import does not need these answers, but a run will:\n"
        text += "\n".join(offer.told() for offer in later)
    return QuestionOpen(text, questions=open_, offers=later)


def answer(key: str, value: str) -> str:
    """Return an answer as one text, `key=value`; a word of the key that holds `=` is quoted."""
    head, *words = key_words(key)
    return (
        f"{'.'.join([head, *(_quoted(word) if '=' in word else word for word in words)])}={value}"
    )


def option(key: str, value: str) -> str:
    """Return an answer as an option of the command line, to be copied into a shell."""
    return f"--answer {shlex.quote(answer(key, value))}"


def toml_line(key: str, value: str) -> str:
    """Return an answer as it stands in a mapping; a table's name goes before its line."""
    head, *words = key_words(key)
    if head in _LISTS:
        return f"{head} = [{_quoted(value)}]"
    if head == "header" and value.isdecimal():
        return f"{head} = {value}"
    if not words:
        return f"{head} = {_quoted(value)}"
    table = ".".join([head, *words[:-1]])
    return f"[{table}] {_bare(words[-1])} = {_quoted(value)}"


def key_words(key: str) -> list[str]:
    """Split a key into the names of its tables and the last word, which may hold points."""
    head, _, rest = key.partition(".")
    return [head, *(rest.split(".", _TABLES.get(head, 1) - 1) if rest else [])]


def _bare(word: str) -> str:
    is_plain = word.isascii() and word.replace("_", "").replace("-", "").isalnum()
    return word if is_plain else _quoted(word)


def _quoted(text: str) -> str:
    """Return a text in the quotes of TOML, which are those of JSON."""
    return json.dumps(text, ensure_ascii=False)
