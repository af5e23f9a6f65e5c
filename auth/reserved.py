"""Names nobody can take, because others would believe them to speak for the server."""

from __future__ import annotations

from auth.skeleton import keys

WORDS = (
    *("admin", "admins", "administrator", "root", "sysadmin", "owner", "moderator", "mod"),
    *("system", "server", "chatelaine", "official", "security", "support", "help", "staff"),
    *("everyone", "everybody", "all", "here", "channel", "room", "me", "you", "nobody"),
    *("guest", "anonymous", "unknown", "deleted", "null", "undefined", "bot", "postmaster"),
    *("管理员", "管理員", "系统", "系統", "所有人", "全体成员", "全體成員", "大家", "在线成员"),
    *("官方", "客服", "房主", "版主", "群主", "超级管理员", "系统管理员", "系统消息", "服务器"),
    *("匿名", "游客", "访客", "已删除", "你", "我", "机器人"),
)

_KEYS = frozenset[str]().union(*(keys(word) for word in WORDS))


def is_reserved(text: str) -> bool:
    """Whether ``text`` is a reserved word or looks like one."""
    return not _KEYS.isdisjoint(keys(text))
