"""Every page of the console has its help, in both languages, and help is about what there is."""

from __future__ import annotations

import pytest

from pages import _help_texts, _sections
from tests.support import sources
from tools import locales

HELP = _help_texts.every()
PAGES = [name for _section, entries in _sections.SECTIONS for name, *_rest in entries]


def _texts():
    for name, one in HELP.items():
        for text in (one.what, *one.can):
            yield name, text


def test_every_page_has_its_help_and_help_names_only_pages():
    assert sorted(HELP) == sorted(PAGES)


def test_every_page_draws_its_title_with_the_help_beside_it():
    bare = [
        sources.place(path)
        for path in (sources.ROOT / "pages").glob("*.py")
        if "st.title(" in (text := path.read_text(encoding="utf-8")) and "mark()" not in text
    ]
    assert bare == []


@pytest.mark.parametrize("more", sorted({one.more for one in HELP.values()}))
def test_where_help_leads_to_is_in_the_documents(more):
    assert len(_help_texts.read_on(more)) > 100


def test_words_of_help_are_the_glossarys_and_each_is_used():
    named = {word for one in HELP.values() for word in one.words}
    assert named == set(_help_texts.glossary())


def test_help_is_short_and_says_nothing_twice():
    said = [text.en for _name, text in _texts()] + [text.zh for _name, text in _texts()]
    assert len(said) == len(set(said))
    assert {name: text.en for name, text in _texts() if len(text.en) > 190} == {}


def test_help_is_in_the_language_that_it_says():
    def chinese(text):
        return any("\u4e00" <= character <= "\u9fff" for character in text)

    assert {name: text.zh for name, text in _texts() if not chinese(text.zh)} == {}
    assert {name: text.en for name, text in _texts() if chinese(text.en)} == {}
    assert all(chinese(meaning.zh) for _name, meaning in _help_texts.glossary().values())
    assert {name: text.zh for name, text in _texts() if "PIN" in text.zh} == {}


def test_a_part_that_no_document_has_is_refused():
    for more in ("no-such.md", "for-operations.md#No such part"):
        with pytest.raises(_help_texts.NoSuchPart):
            _help_texts.read_on(more)


def test_help_of_a_page_twice_is_refused(tmp_path):
    lines = 'page = "desk"\nwhat = { zh = "一", en = "One" }\nmore = "pki.md"\n'
    lines += 'can = [{ zh = "二", en = "Two" }, { zh = "三", en = "Three" }]\n'
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(f"[[help]]\n{lines}", encoding="utf-8")
    with pytest.raises(_help_texts.errors.ConfigurationError):
        _help_texts.every(tmp_path)


def test_the_texts_around_help_are_in_both_languages():
    told = locales.catalogue()
    assert {"Help: {page}", "What this page is for"} <= set(told)
