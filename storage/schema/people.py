"""Accounts and what belongs to them, groups, and what happened to both."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from storage.schema.base import id_of, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("nickname", String(64), nullable=False),
    Column("role", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("language", String(20), nullable=False, default=""),
    Column("password", String(200), nullable=False),
    Column("password_changed_at", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("until", BigInteger),  # guests: when the account ends by itself
    # Who may begin a direct room with them: everyone, sharing (a room), nobody.
    Column("reachable", String(10), nullable=False, default="everyone"),
    Index(None, "until"),
)

# Names and nicknames, in use (until is NULL) or held for their former owner: a row for each key
# (auth.skeleton), so that what looks alike collides.
labels = Table(
    "labels",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("key", String(400), primary_key=True),
    id_of("account", "accounts.id", nullable=False),
    Column("until", BigInteger),
    Index(None, "account"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("secret_hash", String(64), nullable=False, unique=True),
    id_of("account", "accounts.id", nullable=False),
    Column("kind", String(10), nullable=False),
    Column("label", String(100), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("token", String(40)),  # the personal token that it was opened with
    Column("level", Integer),  # at most at this level; NULL: as the person
    Column("actions", Text),  # JSON list: only these actions; NULL: all
    Index(None, "account", "ended_at"),
    Index(None, "token"),
)

# Long-lived tokens of people and their bots; each opens sessions that it caps.
tokens = Table(
    "tokens",
    metadata,
    Column("id", String(40), primary_key=True),
    id_of("account", "accounts.id", nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("label", String(100), nullable=False),
    Column("level", Integer),
    Column("actions", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("used_at", BigInteger),
    Column("revoked_at", BigInteger),
    Index(None, "account"),
)

# One-time links: "first-admin" and "reset".
links = Table(
    "links",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),
    id_of("account", "accounts.id"),
    id_of("made_by", "accounts.id"),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Index(None, "account"),
)

groups = Table(
    "groups",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("key", String(100), nullable=False, unique=True),  # the name as it is compared
    Column("about", String(600), nullable=False),
    Column("made_by", String(40)),
    Column("created_at", BigInteger, nullable=False),
)

group_members = Table(
    "group_members",
    metadata,
    id_of("group", "groups.id", primary_key=True),
    id_of("person", "accounts.id", primary_key=True),
    Column("added_by", String(40)),
    Column("added_at", BigInteger, nullable=False),
    Column("until", BigInteger),
    Index(None, "person"),
    Index(None, "until"),
)

# What happened to accounts and groups, for admins and for replay. Where it was an entry of rooms'
# logs too, `journal_entries` says of which and at what seq.
journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("by", String(40)),
    Column("person", String(40)),
    Column("group", String(40)),
    Column("facts", Text),  # JSON: what about the person bears on rights, after it
    Column("why", String(200), nullable=False),
    Index(None, "at"),
    Index(None, "person"),
)

journal_entries = Table(
    "journal_entries",
    metadata,
    Column("journal", Integer, ForeignKey("journal.id"), primary_key=True, autoincrement=False),
    id_of("room", "rooms.id", primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Index(None, "room"),
)
