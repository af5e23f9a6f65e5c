"""Rooms, their logs, and who may."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from storage.schema.base import id_of, metadata

rooms = Table(
    "rooms",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("topic", String(600), nullable=False),
    Column("preset", String(20), nullable=False),
    Column("history", String(10), nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("raised", Text, nullable=False),  # JSON: action → level above the catalogue's default
    Column("awaits_newcomers", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("slow", Integer, nullable=False, default=0),  # seconds between one person's posts
    Column("open_from", BigInteger, nullable=False, default=0),  # history "all" counts from here
    Column("deleted_at", BigInteger),
    Column("changed_at", BigInteger),  # when rights here were changed last, and by whom
    Column("changed_by", String(40)),
    Column("direct", String(100)),  # a direct room: whose it is
    Index(None, "direct", unique=True),
)

# One narrow row a room, locked by whoever writes to its log.
heads = Table(
    "heads",
    metadata,
    id_of("room", "rooms.id", primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("access_version", BigInteger, nullable=False),
    Column("next_expiry", BigInteger),
    Column("last_at", BigInteger, nullable=False),
    Column("tag", String(40), nullable=False),
    Column("access_hash", String(64), nullable=False),
    Index(None, "next_expiry"),
)

# In the order in which they were written, so that a commit for many rooms fills few pages.
entries = Table(
    "entries",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    id_of("room", "rooms.id", nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("author", String(40)),
    Column("tag", String(40), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("client_id", String(64)),  # posts only
    Column("delta", Text),  # JSON, all others
    Column("access_hash", String(64)),  # access entries only
    Column("journal", BigInteger),  # the newest line of the journal when it was written
    Column("text", Text),  # that it brought; blanked when deleted, never replaced
)
Index(None, entries.c.room, entries.c.seq, unique=True)
_POSTS = entries.c.client_id.is_not(None)
Index(
    "ix_entries_posts",  # what became of a post, by its author's own id
    entries.c.author,
    entries.c.client_id,
    unique=True,
    sqlite_where=_POSTS,
    postgresql_where=_POSTS,
)
# Not by (room, seq): for that SQLite would take the index above, and read the messages too.
_ACCESS = entries.c.access_hash.is_not(None)
for _name, _columns in (("room", ("room", "at", "seq")), ("at", ("at", "room", "seq")),
                        ("kind", ("kind", "at", "room", "seq"))):  # fmt: skip
    Index(
        f"ix_entries_access_{_name}",
        *(entries.c[column] for column in _columns),
        sqlite_where=_ACCESS,
        postgresql_where=_ACCESS,
    )

# Posts that were refused, by their author's own id, and with which code.
refusals = Table(
    "refusals",
    metadata,
    Column("author", String(40), primary_key=True),
    Column("client_id", String(64), primary_key=True),
    Column("room", String(40), nullable=False),
    Column("code", String(40), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("text_hash", String(64), nullable=False),
    sqlite_with_rowid=False,
)

grants = Table(
    "grants",
    metadata,
    id_of("room", "rooms.id", primary_key=True),
    Column("subject_kind", String(10), primary_key=True),  # core.access.SubjectKind
    Column("subject", String(40), primary_key=True),  # "" for everyone
    Column("level", Integer, nullable=False),
    Column("given_by", String(40)),
    Column("given_at", BigInteger, nullable=False),
    Column("why", String(200), nullable=False),
    Column("until", BigInteger),
    Index(None, "subject_kind", "subject"),
)

caps = Table(
    "caps",
    metadata,
    id_of("room", "rooms.id", primary_key=True),
    Column("person", String(40), primary_key=True),
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("given_by", String(40)),
    Column("given_at", BigInteger, nullable=False),
    Column("why", String(200), nullable=False),
    Column("until", BigInteger),
    Index(None, "person"),
)

memberships = Table(
    "memberships",
    metadata,
    id_of("room", "rooms.id", primary_key=True),
    id_of("person", "accounts.id", primary_key=True),
    Column("joined_at", BigInteger, nullable=False),
    Column("read_seq", BigInteger, nullable=False),
    Index(None, "person"),
)

# Who was removed by someone, and not invited again since.
removals = Table(
    "removals",
    metadata,
    id_of("room", "rooms.id", primary_key=True),
    id_of("person", "accounts.id", primary_key=True),
    Column("at", BigInteger, nullable=False),
)

# Readable intervals, each with the history setting it was written under.
spans = Table(
    "spans",
    metadata,
    Column("room", String(40), primary_key=True),
    Column("person", String(40), primary_key=True),
    Column("from_seq", BigInteger, primary_key=True, autoincrement=False),
    Column("to_seq", BigInteger),
    Column("history", String(10), nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("secret_hash", String(64), nullable=False, unique=True),
    id_of("made_by", "accounts.id", nullable=False),
    id_of("room", "rooms.id"),  # NULL: to the server only
    Column("role", String(10), nullable=False),  # what an outsider becomes
    Column("level", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("uses_left", Integer, nullable=False),
    Column("uses", Integer, nullable=False),
    Column("revoked_at", BigInteger),
    Column("guest_days", Integer),  # how long a guest's account that it makes is good for
    Index(None, "room"),
)

# The rooms that a link leads to besides the one of its own.
invitation_rooms = Table(
    "invitation_rooms",
    metadata,
    id_of("invitation", "invitations.id", primary_key=True),
    id_of("room", "rooms.id", primary_key=True),
    Column("level", Integer, nullable=False),
)

# Who asked to be let into a room and was not answered yet, or was told no.
asks = Table(
    "asks",
    metadata,
    id_of("room", "rooms.id", primary_key=True),
    id_of("person", "accounts.id", primary_key=True),
    Column("text", String(600), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("declined_at", BigInteger),
    Column("declined_by", String(40)),
    Index(None, "person"),
)

# Whom someone does not want to hear from in direct rooms.
blocks = Table(
    "blocks",
    metadata,
    id_of("person", "accounts.id", primary_key=True),
    id_of("blocked", "accounts.id", primary_key=True),
    Column("at", BigInteger, nullable=False),
)

# When each person posted last, in rooms with slow mode.
last_posts = Table(
    "last_posts",
    metadata,
    id_of("room", "rooms.id", primary_key=True),
    id_of("person", "accounts.id", primary_key=True),
    Column("at", BigInteger, nullable=False),
)

# What every new room gives besides its preset.
default_grants = Table(
    "default_grants",
    metadata,
    Column("subject_kind", String(10), primary_key=True),
    Column("subject", String(40), primary_key=True),
    Column("level", Integer, nullable=False),
)
