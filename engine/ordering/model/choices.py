"""What can be chosen with an order, in the words that reviewers and applicants read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.kernel.catalog import Text
from engine.ordering.model.order import Business, Product

PRODUCTS: Mapping[str, Text] = {
    Product.ENTERPRISE: Text(zh="企业证书", en="Enterprise certificate"),
    Product.INDIVIDUAL: Text(zh="个人证书", en="Individual certificate"),
    Product.EVENT: Text(zh="事件证书", en="Event certificate"),
}
BUSINESS: Mapping[str, Text] = {
    Business.NEW: Text(zh="新办", en="New"),
    Business.RENEWAL: Text(zh="续期", en="Renewal"),
    Business.REPLACEMENT: Text(zh="补办", en="Replacement"),
    Business.CHANGE: Text(zh="变更", en="Change"),
    Business.DELEGATION: Text(zh="授权", en="Delegation"),
}
# Why a certificate is replaced.
WHY: Mapping[str, Text] = {
    "lost_phone": Text(zh="手机丢失或更换", en="The phone was lost or changed"),
    "forgotten_pin": Text(zh="忘记证书密码", en="The PIN was forgotten"),
    "damaged": Text(zh="证书无法使用", en="The certificate cannot be used any more"),
}
# What a certificate can be for: an event's is for one of these, a delegate's for those it names.
ACTS: Mapping[str, Text] = {
    "login": Text(zh="扫码登录", en="Signing in by scan"),
    "bid": Text(zh="投标文件签章", en="Sealing bids"),
    "contract": Text(zh="合同签署", en="Signing contracts"),
}
# Why a CA does not offer something: it is stopped, has no price, or no place on the trust list (its codes).
NO_PRICE = "no_price"
STOPPED = "stopped"
NOT_OFFERED: Mapping[str, Text] = {
    NO_PRICE: Text(zh="该 CA 机构不办理此项业务", en="This CA does not offer this"),
    STOPPED: Text(zh="该 CA 机构暂停签发证书，恢复后可办理", en="This CA is not issuing for now"),
    "list_stale": Text(zh="全国互认名录暂未生效", en="No list of mutual recognition is in force"),
    "not_listed": Text(zh="未列入全国互认名录", en="It is not on the list of mutual recognition"),
    "suspended": Text(zh="全国互认资格已暂停", en="Its country-wide recognition is suspended"),
    "withdrawn": Text(zh="全国互认资格已取消", en="Its country-wide recognition was withdrawn"),
}


def in_words(acts: Iterable[str]) -> Text:
    """Several acts in one text."""
    named = [ACTS[act] for act in acts]
    return Text(zh="、".join(one.zh for one in named), en=", ".join(one.en for one in named))
