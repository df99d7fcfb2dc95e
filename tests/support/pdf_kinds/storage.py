"""Files by how they are stored: versions, tables, streams, both, object streams, line ends, revisions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.pdf import signing
from tests.support.pdf_kinds.papers import Kind, first_page, paper, with_entries
from tests.support.pdf_writer import stream


def stored() -> Iterator[Kind]:
    """Versions, tables, streams, both, object streams, line ends, gaps, revisions."""
    for version in ("1.3", "1.4", "1.5", "1.6", "1.7", "2.0"):
        yield Kind("stored", f"table {version}", paper(version=version).with_table())
        yield Kind("stored", f"packed {version}", paper(version=version, packed=True).with_table())
        yield Kind(
            "stored", f"inherited {version}", paper(version=version, inherited=True).with_table()
        )
        if version >= "1.5":
            yield Kind(
                "stored", f"xref stream {version}", paper(version=version).with_stream(packed=False)
            )
            yield Kind("stored", f"object streams {version}", paper(version=version).with_stream())
            hybrid = paper(version=version)
            info = hybrid.add("<< /Title (Hidden from readers of 1.4) >>")
            # What readers of 1.4 see could be another document: it has to be rebuilt first.
            yield Kind(
                "stored", f"hybrid {version}", hybrid.hybrid((info,)), signing.DocumentNotSignable
            )
    for name, eol in (("carriage return", b"\r"), ("carriage return line feed", b"\r\n")):
        yield Kind("stored", name, paper(eol=eol).with_table())
    yield from _odd_storage()
    yield from _revised()


def _odd_storage() -> Iterator[Kind]:
    gaps = paper()
    gaps.objects[max(gaps.objects) + 5] = b"(kept for nothing)"
    yield Kind("stored", "numbers with gaps", gaps.with_table())
    yield Kind("stored", "gaps in a stream", gaps.with_stream())
    ided = paper()
    ided.trailer = "/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
    yield Kind("stored", "file identifier", ided.with_table())
    yield Kind("stored", "file identifier in a stream", ided.with_stream())
    info = paper()
    told = info.add(
        "<< /Title <FEFF54080540> /Author (Zhang \\(Li\\)) /CreationDate (D:20261124120000+08'00') >>"
    )
    info.trailer = f"/Info {told} 0 R"
    yield Kind("stored", "information", info.with_table())
    comments = paper()
    comments.tail = b"% what some programs leave behind\n"
    yield Kind("stored", "a comment at the end", comments.with_table())
    blanks = paper()
    blanks.tail = b"\n" * 40
    yield Kind("stored", "empty lines at the end", blanks.with_table())
    indirect = paper(pages=1)
    length = indirect.add(b"44")
    first = next(n for n, b in indirect.objects.items() if b.endswith(b"endstream"))
    text = b"BT /F1 14 Tf 30 700 Td (Indirect length) Tj ET"
    indirect.objects[length] = b"%d" % len(text)
    indirect.objects[first] = b"<< /Length %d 0 R >>\nstream\n%s\nendstream" % (length, text)
    yield Kind("stored", "a stream's length beside it", indirect.with_table())
    several = paper(pages=1)
    page = first_page(several)
    more = several.add(stream(b"BT /F1 12 Tf 30 600 Td (Second part) Tj ET"))
    several.objects[page] = re.sub(
        rb"/Contents (\d+ 0 R)", rb"/Contents [\1 %d 0 R]" % more, several.objects[page]
    )
    yield Kind("stored", "contents in parts", several.with_table())


def _revised() -> Iterator[Kind]:
    made = paper(pages=1)
    page = first_page(made)
    for name, before in (("table", made.with_table()), ("stream", made.with_stream())):
        changed = {page: with_entries(made.objects[page], "/Rotate 0")}
        kind = {"by_stream": name == "stream"}
        once = made.revised(before, changed, **kind)
        yield Kind("stored", f"saved once more, {name}", once)
        twice = made.revised(once, {page: with_entries(made.objects[page], "/Rotate 90")}, **kind)
        yield Kind("stored", f"saved twice more, {name}", twice)
