"""The help of the console's pages as strict TOML: `data/help/*.toml`, one file a section.

The pages show it, and `make docs` writes it into `docs/help.md` and `docs/help.zh.md`. Words are those of
`docs/glossary.md`; what is read on in the documents is a part of the very file, so nothing is said twice.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

from pydantic import Field

from engine.kernel import catalog, errors

DOCS = catalog.DATA.parent / "docs"
_ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:)[^)\s]*\)")


class Help(catalog.Declared):
    """What a page is for and what one can do there; `words` are terms of the glossary.

    `more` is where to read on: a document of `docs/` and, after `#`, a part of it: a heading, or how a
    paragraph begins that is bold there.
    """

    page: str
    what: catalog.Text
    can: tuple[catalog.Text, ...] = Field(min_length=2, max_length=6)
    words: tuple[str, ...] = ()
    more: str = Field(pattern=r"^[a-z-]+\.md(#.+)?$")


class _Section(catalog.Declared):
    help: tuple[Help, ...]


class _Meaning(catalog.Declared):
    term: str
    zh: str


class _Words(catalog.Declared):
    word: tuple[_Meaning, ...]


class NoSuchPart(errors.ConfigurationError):
    """Help names {part}, which is not in the documents."""


def every(folder: Path = catalog.DATA / "help") -> dict[str, Help]:
    """The help of every page, by the page's name.

    Raises: ConfigurationError for a file that is wrong or a page that is there twice.
    """
    found: dict[str, Help] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name == "words.toml":
            continue
        for one in catalog.load(path, _Section).help:
            if one.page in found:
                raise errors.ConfigurationError(file=path.name, problem=f"{one.page} twice")
            found[one.page] = one
    return found


@functools.lru_cache(maxsize=8)
def glossary(folder: Path = catalog.DATA / "help") -> dict[str, tuple[catalog.Text, catalog.Text]]:
    """Words that help explains: name and meaning by the glossary's term; the glossary's own texts.

    Raises: NoSuchPart for a word that the glossary does not have.
    """
    told = (DOCS / "glossary.md").read_text(encoding="utf-8")
    rows = {term: (name, meaning) for term, name, meaning in _ROW.findall(told)}
    found = {}
    for one in catalog.load(folder / "words.toml", _Words).word:
        if one.term not in rows:
            raise NoSuchPart(part=one.term)
        name, meaning = rows[one.term]
        found[one.term] = (
            catalog.Text(en=one.term, zh=name),
            catalog.Text(en=meaning, zh=one.zh),
        )
    return found


def read_on(more: str, folder: Path = DOCS) -> str:
    """The part of a document that help leads to, as Markdown without links to other documents.

    Raises: NoSuchPart.
    """
    file, _hash, part = more.partition("#")
    path = folder / file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = _part(text, part) if part else text
    if not found:
        raise NoSuchPart(part=more)
    return _LINK.sub(r"\1", found).strip()


def _part(text: str, part: str) -> str:
    name = re.escape(part)
    if heading := re.search(rf"^(#+) {name}$", text, re.MULTILINE):
        rest = text[heading.end() :]
        end = re.search(rf"^#{{1,{len(heading[1])}}} ", rest, re.MULTILINE)
        return rest[: end.start()] if end else rest
    bold = re.search(rf"^(?:- )?\*\*{name}\b.*?(?=\n\n|\n- |\Z)", text, re.MULTILINE | re.DOTALL)
    return bold[0] if bold else ""


def document(language: str, sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]) -> str:
    """The help of every page as one document; `sections` are titles with their pages, name and title."""
    chinese = language.startswith("zh")
    help_of, known = every(), glossary()
    parts = [
        "# 控制台各页帮助" if chinese else "# Help on every screen of the console",
        "由 `make docs` 从 `data/help` 生成；控制台每一页的“?”显示同样的文字。"
        if chinese
        else "Made by `make docs` from `data/help`; the “?” on every page of the console shows the same.",
    ]
    for title, pages in sections:
        parts.append(f"## {title}")
        for name, page_title in pages:
            one = help_of[name]
            parts += [f"### {page_title}", one.what.in_language(language)]
            parts.append("\n".join(f"- {point.in_language(language)}" for point in one.can))
            file, _hash, part = one.more.partition("#")
            told = f"[{file}]({file})" + (f": {part}" if part else "")
            parts.append(("更多（英文）：" if chinese else "More: ") + told)
    used = [word for word in known if any(word in one.words for one in help_of.values())]
    parts.append("## 名词" if chinese else "## Words")
    parts.append(
        "\n".join(
            f"- **{known[word][0].in_language(language)}**: {known[word][1].in_language(language)}"
            for word in used
        )
    )
    return "\n\n".join(parts) + "\n"
