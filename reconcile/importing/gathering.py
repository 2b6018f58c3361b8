"""All questions of a file that can be answered apart from each other: a person is asked once.

An import stops at its first open question. From there on the file is looked at under provisional
answers, which are never stored: they only show what else is open. What such an answer could have
brought about is not asked before it is given by a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from reconcile.engine import Engine
from reconcile.errors import QuestionOpen, ReconcileError
from reconcile.importing.judging import Judged, judge
from reconcile.importing.mapping.answers import split_answer
from reconcile.importing.mapping.mappings import LISTS
from reconcile.importing.opening.chunks import Progress
from reconcile.importing.questions import Question, answer, asked, key_words
from reconcile.importing.records import StageOptions
from reconcile.importing.staging import stage
from reconcile.terms import Kind
from reconcile.warehouse import Batch, Store

_FIRST = frozenset({"member", "sheet", "header", "header_rows"})
"""Keys of questions on which all else of a file hangs."""

_LAST = frozenset({"alias", "equal_rows", "accept_total", "accept_count", "clock"})
"""First words of the keys that are asked of the rows once all else is known."""

_NEEDED: dict[Kind, tuple[str, ...]] = {
    Kind.LEAD: ("columns.transaction_id", "columns.created_at"),
    Kind.EVENT: ("columns.transaction_id", "columns.event_id", "columns.occurred_at"),
    Kind.CLAIM: ("columns.transaction_id",),
}
"""Keys without which nothing can be read: here a column has to stand in."""

_HANGS_ON: dict[str, tuple[str, ...]] = {
    "zone": ("columns.occurred_at", "columns.created_at"),
    "date_format": ("columns.occurred_at", "columns.created_at"),
    "zone_words": ("columns.occurred_at", "columns.created_at", "date_format"),
    "clock": ("columns.occurred_at", "columns.created_at", "date_format", "zone"),
    "units": ("columns",),
    "accept_total": ("columns", "decimal", "units"),
    "equal_rows": ("columns", "decimal", "units", "zone", "date_format", "sender"),
    "columns": ("columns",),
    "sender": ("columns.buyer",),
}
"""First word of a key to the keys whose provisional answers may have brought the question about."""

_MOST_ROUNDS = 8


T = TypeVar("T")


@dataclass(frozen=True)
class Look:
    """A file that is read to learn of it; nothing is stored."""

    store: Store
    path: Path
    kind: Kind
    options: StageOptions
    progress: Progress | None
    own: Batch | None = None
    """The batch of these very bytes."""

    def judged(self, answers: Sequence[str], tell: Callable[[Engine, Judged], T]) -> T:
        """Stage and judge the file with these answers beside those given; errors as `stage`."""
        engine = Engine()
        with TemporaryDirectory(prefix="reconcile-") as name:
            options = replace(
                self.options,
                answers=(*self.options.answers, *answers),
                folder=Path(name),
                batch="preview",
            )
            try:
                staged = stage(
                    engine, self.path, kind=self.kind, options=options, progress=self.progress
                )
                found = judge(self.store, engine, staged, path=self.path, own=self.own)
                return tell(engine, found)
            finally:
                engine.close()


@dataclass(frozen=True)
class Gathered:
    """What is open in a file, and by which answers more of it was seen."""

    kind: Kind
    questions: tuple[Question, ...] = ()
    offers: tuple[Question, ...] = ()
    assumed: tuple[str, ...] = ()
    """Suggested answers: `--yes` takes them."""
    provisional: tuple[str, ...] = ()
    """Answers that nothing speaks for, or columns that are set aside until somebody says."""
    is_stuck: bool = False
    """Nothing more can be seen before a person answers."""

    @property
    def answers(self) -> tuple[str, ...]:
        """Return all answers that nobody has given; of two to one question the later one."""
        last: dict[str, str] = {}
        for text in (*self.assumed, *self.provisional):
            key = split_answer(text)[0]
            last[text if key in LISTS else key] = text
        return tuple(last.values())

    def after(self, questions: Iterable[Question]) -> Gathered:
        """Return what is known once these questions came up, with an answer to go on by."""
        new = [question for question in questions if question not in self.questions]
        hanging = [question for question in new if self._hangs(question)]
        open_ = self._open_keys | {q.key for q in new if q.suggested is None}
        own = [_fit(question, open_) for question in new if question not in hanging]
        assumed = [answer(*question.suggested) for question in own if question.suggested]
        others = [*(q for q in own if q.suggested is None and not _is_first(q)), *hanging]
        taken = {split_answer(text)[1] for text in (*assumed, *self.answers)}
        provisional = [text for question in others for text in self._stand_in(question, taken)]
        found = replace(
            self,
            questions=(*self.questions, *own),
            assumed=(*self.assumed, *assumed),
            provisional=(*self.provisional, *provisional),
        )
        stuck = any(q.suggested is None and _is_first(q) for q in new)
        return replace(found, is_stuck=stuck or found.answers == self.answers)

    def with_judged(self, judged: Judged) -> Gathered:
        """Return it with the questions that the rows have brought up."""
        found = [question for question in judged.questions if not self._hangs(question)]
        return replace(self, questions=(*self.questions, *found), offers=judged.offers)

    def _stand_in(self, question: Question, taken: set[str]) -> Iterator[str]:
        """Yield answers under which the rest can be read: a column in doubt fills no field."""
        headers = [value for key, value in question.answers if key.startswith("columns.")]
        if question.key == "columns.event_id":
            yield answer("constants.event_id", "unknown")
        elif question.key in _NEEDED[self.kind] and headers:
            free = (header for header in headers if header not in taken)
            yield answer(question.key, next(free, headers[0]))
        elif headers:
            yield from (answer("ignore", header) for header in headers if header not in taken)
        else:
            yield from (answer(*first) for first in question.answers[:1])

    def _hangs(self, question: Question) -> bool:
        """Say whether a question may come of an answer that is a stand-in."""
        on = _HANGS_ON.get(key_words(question.key)[0], ())
        return any(f"{key}.".startswith(f"{other}.") for key in self._open_keys for other in on)

    @property
    def _open_keys(self) -> set[str]:
        open_ = [question for question in self.questions if question.suggested is None]
        return {key for question in open_ for key, _ in (*question.answers, (question.key, ""))}


def gather(
    look: Look, tell: Callable[[Engine, Judged], T], *, known: Iterable[Question] = ()
) -> tuple[Gathered, T | None]:
    """Return what is open in a file, and what `tell` makes of it once it can be read.

    Args:
        look: The file.
        tell: Called with the engine that holds the rows, and the judged file.
        known: Questions that came up already.

    Raises:
        BadFile, BadMapping, UnknownZone: As `import_file`, if not for a provisional answer.
    """
    gathered = Gathered(look.kind)
    if known:
        gathered = gathered.after(known)
    for _ in range(_MOST_ROUNDS):
        if gathered.is_stuck:
            break
        try:
            told, judged = look.judged(gathered.answers, lambda e, j: (tell(e, j), j))
        except QuestionOpen as error:
            if not error.questions:
                raise
            gathered = gathered.after(error.questions)
        except ReconcileError:
            if not gathered.answers:
                raise
            break  # a stand-in that does not fit says nothing of the file
        else:
            return gathered.with_judged(judged), told
    return gathered, None


def all_open(look: Look, error: QuestionOpen, *, takes: bool = False) -> QuestionOpen:
    """Return an error with all that is open, where an import stopped at the first of it.

    Args:
        look: The file.
        error: What it stopped at.
        takes: Suggestions are taken, so what has one is not asked.
    """
    if not error.questions or all(map(_is_last, error.questions)):
        return error
    gathered, _ = gather(look, lambda _engine, _judged: None, known=error.questions)
    name = look.options.name or str(look.path)
    own = [question for question in gathered.questions if not (takes and question.suggested)]
    return asked(name, own or gathered.questions, offers=gathered.offers)


def with_suggestions(
    work: Callable[[StageOptions], T], look: Look, *, takes: bool
) -> tuple[T, tuple[str, ...]]:
    """Do some work on a file; with `takes`, answer what has a suggestion and begin again.

    Args:
        work: Takes the options by which the file is to be read.
        look: The file, and the options as they were given.
        takes: Suggestions are taken.

    Returns:
        What the work returns, and the answers that were taken.

    Raises:
        QuestionOpen: With all that is open besides.
    """
    taken: tuple[str, ...] = ()
    while True:
        options = replace(look.options, answers=(*look.options.answers, *taken))
        try:
            return work(options), taken
        except QuestionOpen as error:
            suggested = [answer(*q.suggested) for q in error.questions if q.suggested]
            new = tuple(text for text in suggested if takes and text not in taken)
            if not new:
                raise all_open(replace(look, options=options), error, takes=takes) from error
            taken += new


def _fit(question: Question, open_keys: set[str]) -> Question:
    """Return a question without what speaks for an answer by an order that is not known."""
    if question.key == "zone" and "date_format" in open_keys:
        return replace(question, evidence=(), suggestion=None)
    return question


def _is_first(question: Question) -> bool:
    return question.is_first or question.key in _FIRST


def _is_last(question: Question) -> bool:
    word = key_words(question.key)[0]
    return word in _LAST or (word == "sender" and not question.is_first)
