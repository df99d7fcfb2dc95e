"""Every site at which a run can be made to fail: a literal table, told in both languages.

A site is a place in the code that asks before it goes on. What it is asked with is a key of the matter
itself (an idempotency key, a day, a notice), so that the same run fails at the same places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.kernel import catalog

Where = Literal["door", "database", "worker", "party", "network", "clock", "office"]


@dataclass(frozen=True, slots=True)
class Site:
    """One site: where it is, what happens there, and what `fires` is a share of."""

    where: Where
    text: catalog.Text
    of: catalog.Text


def _site(where: Where, zh: str, en: str, of_zh: str, of_en: str) -> Site:
    return Site(where, catalog.Text(zh=zh, en=en), catalog.Text(zh=of_zh, en=of_en))


SITES: Mapping[str, Site] = {
    "reply_lost": _site(
        "door",
        "操作已提交，回执丢失，客户端以同一键重试",
        "The act is committed, its reply is lost, and the client tries again with the same key",
        "每次操作",
        "acts",
    ),
    "request_doubled": _site(
        "door",
        "同一请求稍后又送达一次",
        "The same request arrives once more, some time later",
        "每次操作",
        "acts",
    ),
    "commit_failed": _site(
        "database",
        "提交时磁盘报错，什么都没有写入",
        "The disk reports an error at the commit, and nothing is written",
        "每个写事务",
        "write transactions",
    ),
    "disk_full": _site(
        "database",
        "数据库无处可写（磁盘已满），稍后恢复",
        "The database finds the disk full, for a moment",
        "每个写事务",
        "write transactions",
    ),
    "database_busy": _site(
        "database",
        "数据库正忙，等候超时",
        "The database is busy for longer than anybody waits",
        "每个写事务",
        "write transactions",
    ),
    "worker_killed_before": _site(
        "worker",
        "外部机构已办理，工作进程在记录结果之前被终止",
        "The worker is killed when the outside party has acted and nothing of it is written down yet",
        "工作进程的每次记录",
        "what the worker writes down",
    ),
    "worker_killed_after": _site(
        "worker",
        "结果已记录，工作进程在任务结束之前被终止",
        "The worker is killed when the outcome is written down and the job is not put away yet",
        "工作进程的每次记录",
        "what the worker writes down",
    ),
    "provider_down": _site(
        "party",
        "外部机构停止服务，最长一个半小时",
        "An outside party is down, for an hour and a half at most",
        "每家机构的每一天",
        "days of each party",
    ),
    "ca_timeout": _site(
        "party",
        "认证机构已签发证书，应答超时未到",
        "The certification authority signs, and its answer does not come in time",
        "每次签发请求",
        "requests for a certificate",
    ),
    "answer_lost": _site(
        "party",
        "外部机构已办理，应答丢失",
        "An outside party does what it was asked, and its answer is lost",
        "每次调用",
        "calls",
    ),
    "sms_lost": _site("network", "短信丢失", "A text message is lost", "每条短信", "text messages"),
    "sms_late": _site(
        "network",
        "短信迟到，可能晚于后发的短信",
        "A text message comes late, perhaps after a newer one",
        "每条短信",
        "text messages",
    ),
    "sms_doubled": _site(
        "network", "短信重复送达", "A text message comes twice", "每条短信", "text messages"
    ),
    "notice_lost": _site(
        "network",
        "支付通知丢失",
        "A notice of a payment is lost",
        "每条支付通知",
        "notices of payments",
    ),
    "notice_late": _site(
        "network",
        "支付通知迟到数小时",
        "A notice of a payment comes hours late",
        "每条支付通知",
        "notices of payments",
    ),
    "notice_doubled": _site(
        "network",
        "支付通知重复送达",
        "A notice of a payment comes twice",
        "每条支付通知",
        "notices of payments",
    ),
    "notices_reordered": _site(
        "network",
        "支付通知次序颠倒",
        "Notices of payments come in another order",
        "每批支付通知",
        "batches of notices",
    ),
    "parcel_lost": _site("party", "快递丢失", "The courier loses a parcel", "每件快递", "parcels"),
    "webhook_lost": _site(
        "network",
        "推送的消息丢失，等不到应答",
        "A webhook is lost, and no answer comes",
        "每次推送",
        "tries of webhooks",
    ),
    "webhook_late": _site(
        "network",
        "推送的消息迟到，可能晚于后发的消息，此时已无人等候应答",
        "A webhook comes late, perhaps after a newer one, when nobody waits for its answer any more",
        "每次推送",
        "tries of webhooks",
    ),
    "webhook_doubled": _site(
        "network",
        "推送的消息重复送达",
        "A webhook comes twice",
        "每次推送",
        "tries of webhooks",
    ),
    "receiver_refuses": _site(
        "party",
        "接收方拒收推送的消息，要求稍后再试",
        "A receiver turns a webhook away and asks to wait",
        "每次推送",
        "tries of webhooks",
    ),
    "receiver_slow": _site(
        "party",
        "接收方已收到推送的消息，应答过慢",
        "A receiver takes a webhook, and its answer comes too late",
        "每次推送",
        "tries of webhooks",
    ),
    "clock_back": _site(
        "clock",
        "服务器时钟回拨，半小时内校正",
        "The server's clock is set back, and right again within half an hour",
        "每小时",
        "hours",
    ),
    "clock_forward": _site(
        "clock",
        "服务器时钟拨快，半小时内校正",
        "The server's clock is set forward, and right again within half an hour",
        "每小时",
        "hours",
    ),
    "reviewer_absent": _site(
        "office",
        "审核人员整日缺勤",
        "A reviewer stays away for a whole day",
        "每名审核人员的每个工作日",
        "working days of each reviewer",
    ),
}
