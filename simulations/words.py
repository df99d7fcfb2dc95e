"""Words to make people and enterprises of: Faker's zh_CN lists, and what they lack.

Faker is read for its lists only. Its `ssn()` follows today's date, two of three of its numbers don't
pass the register's check, and it knows 332 companies in all (`simulation.md` 2).
"""

from __future__ import annotations

import itertools
import re
from typing import cast

import numpy as np
from faker.providers.company.zh_CN import Provider as Companies
from faker.providers.person.zh_CN import Provider as People
from numpy.typing import NDArray

_HAN = re.compile(r"[\u4e00-\u9fff]+")


def _cumulative(weights: list[float]) -> NDArray[np.float64]:
    running = np.cumsum(np.array(weights, dtype=np.float64))
    return cast(NDArray[np.float64], running / running[-1])


def _characters(names: list[str]) -> list[str]:
    return list(dict.fromkeys(itertools.chain.from_iterable(names)))


_weighted = [(str(name), float(weight)) for name, weight in People.last_names.items()]
SURNAMES: list[str] = [name for name, _ in _weighted]
SURNAME_WEIGHTS = _cumulative([weight for _, weight in _weighted])
# By sex: index 0 female, 1 male.
GIVEN: tuple[list[str], list[str]] = (
    [str(name) for name in People.first_names_female],
    [str(name) for name in People.first_names_male],
)
GIVEN_CHARACTERS = (_characters(GIVEN[0]), _characters(GIVEN[1]))

# Characters that many systems refuse or lose (生僻字); both bundled faces can draw each of them.
RARE_GIVEN: list[str] = list("堃喆祎玥翀龑䶮㛃昇旻昉仝爨妘赟燊犇淼骉羴㸚叕𠅤龘䜣旸㵘𫖯𬱖")
# Names of several parts, as Uyghur, Kazakh and Tibetan ones are written.
PARTED_NAMES: list[str] = [
    f"{first}·{last}"
    for first, last in itertools.product(
        (
            "阿不都热合曼",
            "买买提",
            "古丽娜尔",
            "阿依古丽",
            "努尔兰",
            "迪丽努尔",
            "赛力克",
            "帕提古丽",
        ),
        ("买买提", "艾合买提", "吐尔逊", "木合塔尔", "哈孜别克", "玉素甫", "热合曼", "阿布都拉"),
    )
]

_short = [str(p) for p in Companies.company_prefixes if len(p) == 2 and _HAN.fullmatch(str(p))]
BRAND_FIRST: list[str] = list(dict.fromkeys(word[0] for word in _short))
BRAND_SECOND: list[str] = list(dict.fromkeys(word[1] for word in _short))
TRADES: list[str] = [
    "建材",
    "商贸",
    "机电设备",
    "电子科技",
    "信息技术",
    "物资",
    "化工",
    "仪器仪表",
    "办公用品",
    "劳保用品",
    "医疗器械",
    "食品",
    "农产品",
    "纺织",
    "服装",
    "家具",
    "五金",
    "电力工程",
    "建筑工程",
    "环保科技",
    "能源",
    "矿业",
    "物流",
    "供应链",
    "印务",
    "汽车配件",
    "水利工程",
    "园林",
    "暖通设备",
    "安防科技",
    "新材料",
    "钢材",
    "木业",
    "橡塑",
    "包装",
    "消防器材",
    "石油技术服务",
    "教育装备",
    "通信工程",
    "管道",
]
FORMS: list[str] = ["有限公司", "有限责任公司", "股份有限公司", "集团有限公司"]
FORM_WEIGHTS = _cumulative([62, 24, 8, 6])
