"""Make data/regions/ from the area table of python-stdnum (facts only: code, name, years in force).

`regions.toml` holds codes that stdnum accepts for every birth from 1960 to 2008, so that a resident
ID made from any of them passes whatever the birthday. Eight provinces have no such code, because
they were numbered anew or founded later; `newer.toml` holds codes of those with the first birth year
that stdnum accepts. Names in English are pinyin without tones plus the kind of division.

Run by hand after an update of python-stdnum: `python tools/regions.py`. It needs ICU's `uconv`
(Debian: icu-devtools) for the readings. Nothing is written unless stdnum accepts every code.
"""

from __future__ import annotations

import datetime
import importlib.util
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

ROOT = Path(__file__).resolve().parents[1]
FIRST_BIRTH, LAST_BIRTH = 1960, 2008
FOREVER = 9999
MOST_PER_PROVINCE = 25
NEWER_PER_PROVINCE = 6
PROVINCES = 31
# Still open in the table, but no longer in use: Shennongjia is 429021, Suizhou became a prefecture.
STALE = {"422921", "429001"}
NOT_COUNTIES = {"市辖区", "县", "市", "省直辖县级行政单位"}

# Names that ICU, which reads one character at a time, would read wrongly.
READINGS = {
    "长": "chang", "都": "du", "什": "shi", "称多": "chen duo", "丰都": "feng du", "乐亭": "lao ting",
    "尉犁": "yu li", "绿春": "lü chun",
}  # fmt: skip
PEOPLES = {
    "满族": "Manchu", "蒙古族": "Mongol", "回族": "Hui", "藏族": "Tibetan", "彝族": "Yi", "苗族": "Miao",
    "瑶族": "Yao", "傣族": "Dai", "水族": "Shui", "土族": "Tu", "白族": "Bai", "普米族": "Pumi",
    "独龙族": "Derung", "怒族": "Nu", "傈僳族": "Lisu", "东乡族": "Dongxiang", "保安族": "Bonan",
    "撒拉族": "Salar", "黎族": "Li", "土家族": "Tujia", "哈萨克": "Kazakh", "塔吉克": "Tajik",
}  # fmt: skip
KINDS = {
    "右翼前旗": "Right Front Banner", "右翼中旗": "Right Middle Banner", "左旗": "Left Banner",
    "右旗": "Right Banner", "旗": "Banner", "矿区": "Mining District", "特区": "Special District",
    "林区": "Forestry District", "区": "District", "县": "County", "市": "City",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """A county-level division that exists today, and the first birth year its code is good for."""

    code: str
    zh: str
    since: int


def table() -> list[County]:
    """Today's counties from the area table, in the order of their codes."""
    spec = importlib.util.find_spec("stdnum.cn")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("python-stdnum is not installed")
    text = (Path(spec.submodule_search_locations[0]) / "loc.dat").read_text(encoding="utf-8")
    found, province = [], ""
    for line in text.splitlines():
        if head := re.match(r'(\d\d) province="', line):
            province = head[1]
        elif row := re.match(r'\s+(\d{4}) county="(.*)"', line):
            county = _county(province + row[1], row[2])
            if county is not None:
                found.append(county)
    return found


def _county(code: str, names: str) -> County | None:
    spans = []
    for part in names.split(","):
        dated = re.match(r"\[(\d*)-(\d*)\](.*)", part)
        spans.append(
            (int(dated[1] or 0), int(dated[2] or FOREVER), dated[3])
            if dated
            else (0, FOREVER, part)
        )
    start, end, name = spans[-1]
    if code.endswith("00") or code in STALE or name in NOT_COUNTIES or end != FOREVER:
        return None
    # Backwards through the names for as long as one follows the other without a gap.
    for earlier, until, _ in reversed(spans[:-1]):
        if until >= start - 1:
            start = earlier
    return County(code=code, zh=name, since=start)


def accepted(county: County, year: int) -> bool:
    """Whether stdnum accepts a resident ID with this code for a birth in a year."""
    number = f"{county.code}{year}0701001"
    number += ric.calc_check_digit(number + "0")
    try:
        return bool(ric.validate(number)) and ric.get_birth_date(number) == datetime.date(
            year, 7, 1
        )
    except (ValidationError, KeyError):  # KeyError: stdnum's answer to an area without a county
        return False


def chosen(counties: list[County]) -> tuple[list[County], list[County]]:
    """The codes good for every birth, and codes of the provinces that have none of those."""
    by_province: dict[str, list[County]] = defaultdict(list)
    for county in counties:
        by_province[county.code[:2]].append(county)
    regions, newer = [], []
    for group in by_province.values():
        old = [county for county in group if county.since <= FIRST_BIRTH]
        if old:
            regions += _spread(old, MOST_PER_PROVINCE)
        else:
            first = min(group, key=lambda county: county.since).since
            # Two years of patience: the reform of 1982 and 1983 took that long.
            newer += _spread([c for c in group if c.since <= first + 2], NEWER_PER_PROVINCE)
    return regions, newer


def _spread(group: list[County], most: int) -> list[County]:
    distinct = list({county.zh: county for county in reversed(group)}.values())[::-1]
    if len(distinct) <= most:
        return distinct
    return [distinct[index * len(distinct) // most] for index in range(most)]


def readings(characters: set[str]) -> dict[str, str]:
    """The pinyin of each character, without tones, as ICU reads it alone."""
    ordered = sorted(characters)
    done = subprocess.run(
        ["uconv", "-f", "utf-8", "-t", "utf-8", "-x", "Han-Latin; Latin-ASCII"],
        input="\n".join(ordered), text=True, capture_output=True, check=True,
    )  # fmt: skip
    return dict(zip(ordered, done.stdout.splitlines(), strict=True))


def english(name: str, read: dict[str, str]) -> str:
    """The name of a county in English: `Xinbin Manchu Autonomous County`, `Rongxian County`."""
    stem, kind = name, ""
    for ending in ("自治县", "自治旗"):
        if name.endswith(ending):
            stem = name.removesuffix(ending)
            kind = "Autonomous County" if ending == "自治县" else "Autonomous Banner"
    if not kind:
        ending = next(ending for ending in KINDS if name.endswith(ending))
        stem, kind = name.removesuffix(ending), KINDS[ending]
        if not stem or len(stem) == 1:
            stem = name
    peoples: list[str] = []
    while (people := next((p for p in PEOPLES if stem.endswith(p)), None)) is not None:
        stem = stem.removesuffix(people)
        peoples.insert(0, PEOPLES[people])
    first = [_pinyin(stem, read)] if stem else []
    joined = " and ".join(part for part in (", ".join(peoples[:-1]), *peoples[-1:]) if part)
    return " ".join([*first, *([joined] if joined else []), kind])


def _pinyin(stem: str, read: dict[str, str]) -> str:
    syllables = READINGS.get(stem, "").split()
    if not syllables:
        syllables = [READINGS.get(character, read[character]) for character in stem]
    text = syllables[0] + "".join(f"'{s}" if s[0] in "aeo" else s for s in syllables[1:])
    return text.capitalize()


def written(counties: list[County], read: dict[str, str], head: str, *, dated: bool) -> str:
    """The TOML of a list of counties."""
    rows = []
    for county in counties:
        lines = [
            "[[region]]",
            f'code = "{county.code}"',
            f'zh = "{county.zh}"',
            f'en = "{english(county.zh, read)}"',
        ]
        if dated:
            lines.append(f"since = {county.since}")
        rows.append("\n".join(lines))
    return head + "\n" + "\n\n".join(rows) + "\n"


def main() -> None:
    """Choose, check against stdnum, write."""
    regions, newer = chosen(table())
    provinces = {county.code[:2] for county in regions + newer}
    wrong = [
        (county.code, year)
        for county in regions + newer
        for year in range(max(FIRST_BIRTH, county.since), LAST_BIRTH + 1)
        if not accepted(county, year)
    ]
    if wrong or len(provinces) != PROVINCES:
        sys.exit(f"{len(provinces)} provinces; refused by stdnum: {wrong[:20]}")
    read = readings({character for county in regions + newer for character in county.zh})
    folder = ROOT / "data" / "regions"
    made = "# Made by tools/regions.py from the area table of python-stdnum (GB/T 2260 codes).\n"
    (folder / "regions.toml").write_text(
        written(
            regions, read, dated=False,
            head=made + "# Each code is good for every birth from 1960 to 2008. The provinces that have\n"
            "# no such code stand in newer.toml.\n",
        ),
        encoding="utf-8",
    )  # fmt: skip
    (folder / "newer.toml").write_text(
        written(
            newer, read, dated=True,
            head=made + "# Provinces numbered anew or founded after 1960. A resident ID with such a code\n"
            "# passes stdnum only for births from `since` on.\n",
        ),
        encoding="utf-8",
    )  # fmt: skip
    print(f"{len(regions)} codes, {len(newer)} newer ones, {len(provinces)} provinces")


if __name__ == "__main__":
    main()
