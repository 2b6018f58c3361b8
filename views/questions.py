"""What a file does not say, asked on the screen: each question with its evidence and its answers.

What was answered stands in the address, so that neither a reload nor a colleague loses it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import streamlit as st

from reconcile import ReconcileError
from reconcile.importing import Question
from reconcile.importing.mapping.answers import said_anew
from reconcile.importing.questions import answer
from reconcile.showing import plain

_MOST_RADIO = 12


def given_answers() -> tuple[str, ...]:
    """Return what was answered about the chosen file, `key=value` each."""
    try:
        found = json.loads(st.session_state.get("answers") or "[]")
    except json.JSONDecodeError:
        return ()
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def answer_anew(new: Sequence[str]) -> None:
    """Add answers; of two to one question the later counts."""
    try:
        keep_answers(said_anew(given_answers(), new))
    except ReconcileError as error:
        st.session_state["answers_refused"] = str(error)


def keep_answers(answers: Sequence[str]) -> None:
    """Put these in the place of the answers that were given."""
    st.session_state["answers"] = json.dumps(list(answers), ensure_ascii=False) if answers else None
    st.session_state["answers_no"] = st.session_state.get("answers_no", 0) + 1


def show_given() -> None:
    """Show what was answered; one that is taken out is asked again, one may be typed."""
    given = given_answers()
    key = f"given_{st.session_state.get('answers_no', 0)}"
    st.multiselect(
        "What you have said of it",
        given,
        default=given,
        key=key,
        accept_new_options=True,
        placeholder="Nothing yet. Answer below, or type a line such as zone=UTC",
        help="Each is a line of the sender's mapping. Take one out to be asked again.",
        on_change=_retold,
        args=(key,),
    )
    if refused := st.session_state.pop("answers_refused", None):
        st.error(plain(refused))


def _retold(key: str) -> None:
    """Take over what stands in the field, unless the field has gone meanwhile."""
    typed = st.session_state.get(key)
    if typed is None or list(typed) == list(given_answers()):
        return
    keep_answers(())
    answer_anew(typed)


def ask(groups: Mapping[str, Sequence[Question]]) -> None:
    """Draw questions as one form, each group under its title; with the answers it is read anew."""
    if not any(groups.values()):
        return
    number = st.session_state.get("answers_no", 0)
    with st.form(f"ask_{number}_{abs(hash(tuple(groups)))}"):
        chosen = []
        for title, questions in groups.items():
            if questions:
                st.subheader(title, anchor=False)
            chosen += [_ask_one(f"{number}_{title}_{n}", one) for n, one in enumerate(questions)]
        if st.form_submit_button("Read it with these answers", shortcut="W"):
            answer_anew([text for text in chosen if text])
            st.rerun()


def _ask_one(place: str, question: Question) -> str | None:
    """Draw one question and return its answer, if there is one."""
    key = f"q_{place}_{question.key}"
    with st.container(border=True):
        st.markdown(f"**{plain(question.text)}**")
        if question.evidence:
            st.code("\n".join(question.evidence), language=None, wrap_lines=True)
        choices = list(range(len(question.choices)))
        picked: int | None = None
        if choices:
            suggested = [n for n in choices if question.answers[n] == question.suggested]
            index = suggested[0] if suggested else None
            if len(choices) <= _MOST_RADIO:
                picked = st.radio(
                    "Answer",
                    choices,
                    index=index,
                    key=key,
                    format_func=lambda n: plain(_words(question, n)),
                )
            else:
                picked = st.selectbox(
                    "Answer",
                    choices,
                    index=index,
                    key=key,
                    format_func=lambda n: _words(question, n),
                )
        typed = ""
        if question.is_free or not choices:
            label = "Another answer" if choices else "Answer"
            typed = st.text_input(label, key=f"{key}_typed").strip()
    if typed:
        return answer(question.key, typed)
    return answer(*question.answers[picked]) if picked is not None else None


def _words(question: Question, place: int) -> str:
    """Return an answer as people read it."""
    choice = question.choices[place]
    is_suggested = question.answers[place] == question.suggested
    more = " (what the file suggests)" if is_suggested else ""
    if not choice.meaning:
        return f"{choice.value}{more}"
    return f"{choice.value}: {choice.meaning}{more}"
