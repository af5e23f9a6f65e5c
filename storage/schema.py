"""Every table. Times are milliseconds since 1970; ids are `core.ids.new_id`."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _id(name: str, target: str, *, primary_key: bool = False, nullable: bool = True) -> Column[str]:
    nullable = nullable and not primary_key
    return Column(name, String(40), ForeignKey(target), primary_key=primary_key, nullable=nullable)


# --- who you are -------------------------------------------------------------------------------

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
    _id("account", "accounts.id", nullable=False),
    Column("until", BigInteger),
    Index(None, "account"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("secret_hash", String(64), nullable=False, unique=True),
    _id("account", "accounts.id", nullable=False),
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
    _id("account", "accounts.id", nullable=False),
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
    _id("account", "accounts.id"),
    _id("made_by", "accounts.id"),
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
    _id("group", "groups.id", primary_key=True),
    _id("person", "accounts.id", primary_key=True),
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
    _id("room", "rooms.id", primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Index(None, "room"),
)

# --- rooms and who may ---------------------------------------------------------------------------

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
    Column("direct", String(100)),  # a direct room: whose it is
    Index(None, "direct", unique=True),
)

# One narrow row a room, locked by whoever writes to its log.
heads = Table(
    "heads",
    metadata,
    _id("room", "rooms.id", primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("access_version", BigInteger, nullable=False),
    Column("next_expiry", BigInteger),
    Column("last_at", BigInteger, nullable=False),
    Column("tag", String(40), nullable=False),
    Column("access_hash", String(64), nullable=False),
    Index(None, "next_expiry"),
)

entries = Table(
    "entries",
    metadata,
    _id("room", "rooms.id", primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(12), nullable=False),
    Column("author", String(40)),
    Column("tag", String(40), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("client_id", String(64)),  # posts only
    Column("delta", Text),  # JSON, all others
    Column("access_hash", String(64)),
    sqlite_with_rowid=False,
)

# The text that an entry brought. Blanked when deleted, never replaced.
bodies = Table(
    "bodies",
    metadata,
    Column("room", String(40), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("text", Text),
    sqlite_with_rowid=False,
)

# What became of each post, by its author's own id: its seq, or the code it was refused with.
post_ids = Table(
    "post_ids",
    metadata,
    Column("author", String(40), primary_key=True),
    Column("client_id", String(64), primary_key=True),
    Column("room", String(40), nullable=False),
    Column("seq", BigInteger),
    Column("refusal", String(40)),
    Column("at", BigInteger, nullable=False),
    Column("text_hash", String(64), nullable=False),
    CheckConstraint("(seq IS NULL) <> (refusal IS NULL)", name="one_outcome"),
    sqlite_with_rowid=False,
)

grants = Table(
    "grants",
    metadata,
    _id("room", "rooms.id", primary_key=True),
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
    _id("room", "rooms.id", primary_key=True),
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
    _id("room", "rooms.id", primary_key=True),
    _id("person", "accounts.id", primary_key=True),
    Column("joined_at", BigInteger, nullable=False),
    Column("read_seq", BigInteger, nullable=False),
    Index(None, "person"),
)

# Who was removed by someone, and not invited again since.
removals = Table(
    "removals",
    metadata,
    _id("room", "rooms.id", primary_key=True),
    _id("person", "accounts.id", primary_key=True),
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
    _id("made_by", "accounts.id", nullable=False),
    _id("room", "rooms.id"),  # NULL: to the server only
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
    _id("invitation", "invitations.id", primary_key=True),
    _id("room", "rooms.id", primary_key=True),
    Column("level", Integer, nullable=False),
)

# Who asked to be let into a room and was not answered yet, or was told no.
asks = Table(
    "asks",
    metadata,
    _id("room", "rooms.id", primary_key=True),
    _id("person", "accounts.id", primary_key=True),
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
    _id("person", "accounts.id", primary_key=True),
    _id("blocked", "accounts.id", primary_key=True),
    Column("at", BigInteger, nullable=False),
)

# When each person posted last, in rooms with slow mode.
last_posts = Table(
    "last_posts",
    metadata,
    _id("room", "rooms.id", primary_key=True),
    _id("person", "accounts.id", primary_key=True),
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
