"""What a row of the access log says, in the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime

from core.i18n import N_, Translator
from core.levels import Level
from rooms.access_log import Part, Row
from rooms.actions import ACTIONS

ENTRY_KINDS = {
    "made": N_("room made"),
    "joined": N_("came in"),
    "left": N_("left"),
    "invited": N_("invited"),
    "removed": N_("removed"),
    "renamed": N_("renamed"),
    "topic": N_("topic"),
    "access": N_("rights"),
    "muted": N_("muted"),
    "unmuted": N_("unmuted"),
    "banned": N_("banned"),
    "unbanned": N_("ban lifted"),
    "let_in": N_("let in"),
    "expired": N_("run out"),
    "account": N_("account or group"),
    "glass": N_("glass broken"),
    "settings": N_("settings"),
    "archived": N_("archived"),
    "unarchived": N_("out of the archive"),
    "deleted": N_("room deleted"),
}
JOURNAL_KINDS = {
    "made": N_("account made"),
    "approved": N_("account let in"),
    "role": N_("role changed"),
    "suspended": N_("account suspended"),
    "restored": N_("account restored"),
    "deleted": N_("account deleted"),
    "ended": N_("account or membership run out"),
    "joined": N_("put into a group"),
    "left": N_("taken out of a group"),
    "group_made": N_("group made"),
    "group_changed": N_("group renamed"),
    "group_deleted": N_("group deleted"),
    "group_given": N_("group let into rooms"),
    "group_taken": N_("group taken out of rooms"),
    "default_given": N_("new rooms give more"),
    "default_taken": N_("new rooms give less"),
    "glass": N_("glass broken"),
    "glass_ended": N_("broken glass ended"),
}
_CAN = {
    Level.HIDDEN: N_("nothing"),
    Level.SEE: N_("see the room"),
    Level.ASK: N_("ask to be let in"),
    Level.READ: N_("read"),
    Level.POST: N_("write"),
    Level.MODERATE: N_("moderate"),
    Level.OWN: N_("do everything"),
}
_PARTS = {
    "granted": N_("%(who)s may: %(level)s"),
    "revoked": N_("%(who)s: grant taken back"),
    "capped": N_("%(who)s may at most: %(level)s"),
    "uncapped": N_("%(who)s: limit lifted (%(level)s)"),
    "joined": N_("%(who)s is in the room"),
    "left": N_("%(who)s is out of the room"),
    "name": N_("name: %(value)s"),
    "topic": N_("topic changed"),
    "history": N_("newcomers read: %(value)s"),
    "archived": N_("archived"),
    "unarchived": N_("out of the archive"),
    "raised": N_("from now on it takes “%(level)s” to %(value)s"),
    "slow": N_("slow mode: %(value)s seconds"),
    "open_from": N_("open to all readers from entry %(value)s on"),
    "deleted": N_("room deleted"),
    "role": N_("%(who)s: %(value)s"),
    "state": N_("the account of %(who)s is %(value)s"),
    "groups": N_("%(who)s is in the groups %(value)s"),
}
_VALUES = {
    "all": N_("everything"),
    "joined": N_("from when they joined"),
    "guest": N_("guest"),
    "member": N_("member"),
    "admin": N_("admin"),
    "pending": N_("waiting to be let in"),
    "active": N_("in use"),
    "suspended": N_("suspended"),
    "deleted": N_("deleted"),
}
_TRANSLATED = ("history", "role", "state")


class Words:
    """For one reader."""

    def __init__(self, translator: Translator) -> None:
        self._say = translator.gettext

    def kind(self, row: Row) -> str:
        """What has no words yet goes by its code."""
        kinds = ENTRY_KINDS if row.is_entry else JOURNAL_KINDS
        return self._say(kinds[row.kind]) if row.kind in kinds else row.kind

    def changes(self, row: Row) -> list[str]:
        """A short phrase for each thing that it changed."""
        about = [self._say(N_("group: %(name)s")) % {"name": row.group}] if row.group else []
        return [*about, *(self._part(part) for part in row.parts)]

    def _part(self, part: Part) -> str:
        level = self._say(_CAN[part.level]) if part.level is not None else ""
        words = {"who": self._who(part), "level": level, "value": self._value(part)}
        text = self._say(_PARTS[part.verb]) % words
        if part.until is not None:
            when = datetime.fromtimestamp(part.until / 1000, UTC).strftime("%Y-%m-%d %H:%M")
            text = self._say(N_("%(what)s, until %(when)s UTC")) % {"what": text, "when": when}
        return text

    def _who(self, part: Part) -> str:
        if part.verb not in ("granted", "revoked"):
            return part.who
        if part.value == "everyone":
            return self._say(N_("everyone"))
        if part.value == "group":
            return self._say(N_("group %(name)s")) % {"name": part.who}
        if part.value == "glass":
            return self._say(N_("%(who)s (glass broken)")) % {"who": part.who}
        return part.who

    def _value(self, part: Part) -> str:
        if part.verb == "raised":
            action = ACTIONS.get(part.value)
            return self._say(action.text) if action else part.value
        if part.verb in _TRANSLATED and part.value in _VALUES:
            return self._say(_VALUES[part.value])
        return part.value
