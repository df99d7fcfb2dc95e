"""The files of a run: as they are in its folder, and its log of cases for other tools."""

from __future__ import annotations

import streamlit as st

from engine.kernel import errors
from engine.reports import current, mining, snapshot
from engine.reports.filters import Filters
from pages import _console, _process_pieces
from pages._console import _
from simulations.runs import Folder

# More than this no browser takes well; it stays in the folder.
_MOST_BYTES = 512 << 20
_TYPES = {
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite3": "application/vnd.sqlite3",
}


def draw(folder: Folder) -> None:
    """What can be taken along."""
    _logs(folder)
    st.subheader(_("Files in the run’s folder"))
    found = sorted(
        path
        for pattern in ("*.json", "*.parquet", "*.sqlite3", "replication-*/*.parquet")
        for path in folder.path.glob(pattern)
        if path.suffix in _TYPES
    )
    _console.table(
        [
            {
                _("File"): str(path.relative_to(folder.path)),
                _("Kilobytes"): round(path.stat().st_size / 1024),
            }
            for path in found
        ]
    )
    if not found:
        return
    names = {str(path.relative_to(folder.path)): path for path in found}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(_("Take along"), list(names), key="file", width=320)
        path = names[str(chosen)]
        if path.stat().st_size > _MOST_BYTES:
            st.caption(_("This file is too large for a browser. Take it from the folder."))
        else:
            st.download_button(
                path.name,
                path.read_bytes,
                file_name=f"{folder.name}-{path.name}",
                mime=_TYPES[path.suffix],
                icon=":material/download:",
                key="download-file",
            )
    st.caption(
        _(
            "The same files as “yinxin simulate” leaves. No personal value stands in them in the clear."
        )
    )


def _logs(folder: Folder) -> None:
    """The log of the run's cases as XES and OCEL."""
    if folder.name not in current.runs():
        return
    st.subheader(_("The log of cases for other tools"))
    world = _console.world()
    try:
        path = current.path_of(world.engine, world.path, folder.name)
    except errors.EngineError as refusal:
        st.error(_console.say(refusal))
        return
    filters = Filters()
    with snapshot.open_copy(path) as copy:
        count = mining.facts(copy, filters)
    too_many = _("These are too many facts for a browser. Use “yinxin report” with this run.")
    _process_pieces.logs(path, filters, count, folder.name, too_many)
