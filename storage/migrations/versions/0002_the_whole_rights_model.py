"""Groups, asks, blocks, personal tokens, direct rooms, slow mode, ends of accounts, the journal.

Columns are added, never tables made anew: others point to them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _accounts_and_tokens()
    _groups_and_journal()
    _rooms()
    _invitations()
    _access_log()


def _at(name: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _accounts_and_tokens() -> None:
    op.add_column("accounts", _at("until", nullable=True))
    op.add_column(
        "accounts", sa.Column("reachable", sa.String(10), nullable=False, server_default="everyone")
    )
    op.create_index("ix_accounts_until", "accounts", ["until"])
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("account", sa.String(40), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("actions", sa.Text(), nullable=True),
        _at("created_at"),
        _at("expires_at", nullable=True),
        _at("used_at", nullable=True),
        _at("revoked_at", nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_tokens_account"),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("secret_hash", name="uq_tokens_secret_hash"),
    )
    op.create_index("ix_tokens_account", "tokens", ["account"])
    op.add_column("sessions", sa.Column("token", sa.String(40), nullable=True))
    op.add_column("sessions", sa.Column("level", sa.Integer(), nullable=True))
    op.add_column("sessions", sa.Column("actions", sa.Text(), nullable=True))
    op.create_index("ix_sessions_token", "sessions", ["token"])


def _groups_and_journal() -> None:
    op.create_table(
        "groups",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("about", sa.String(600), nullable=False),
        sa.Column("made_by", sa.String(40), nullable=True),
        _at("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_groups"),
        sa.UniqueConstraint("key", name="uq_groups_key"),
    )
    op.create_table(
        "group_members",
        sa.Column("group", sa.String(40), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("added_by", sa.String(40), nullable=True),
        _at("added_at"),
        _at("until", nullable=True),
        sa.ForeignKeyConstraint(["group"], ["groups.id"], name="fk_group_members_group"),
        sa.ForeignKeyConstraint(["person"], ["accounts.id"], name="fk_group_members_person"),
        sa.PrimaryKeyConstraint("group", "person", name="pk_group_members"),
    )
    op.create_index("ix_group_members_person", "group_members", ["person"])
    op.create_index("ix_group_members_until", "group_members", ["until"])
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _at("at"),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("by", sa.String(40), nullable=True),
        sa.Column("person", sa.String(40), nullable=True),
        sa.Column("group", sa.String(40), nullable=True),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("why", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
    )
    op.create_index("ix_journal_at", "journal", ["at"])
    op.create_index("ix_journal_person", "journal", ["person"])
    op.create_table(
        "journal_entries",
        sa.Column("journal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("room", sa.String(40), nullable=False),
        _at("seq"),
        sa.ForeignKeyConstraint(["journal"], ["journal.id"], name="fk_journal_entries_journal"),
        sa.ForeignKeyConstraint(["room"], ["rooms.id"], name="fk_journal_entries_room"),
        sa.PrimaryKeyConstraint("journal", "room", name="pk_journal_entries"),
    )
    op.create_index("ix_journal_entries_room", "journal_entries", ["room"])
    _begin_journal()


def _begin_journal() -> None:
    """Whoever is here already came as what they are now."""
    op.execute(
        "INSERT INTO journal (at, kind, person, facts, why)"
        " SELECT created_at, 'made', id,"
        ' \'{"id":"\' || id || \'","role":"\' || role || \'","state":"\' || state || \'"}\', \'\''
        " FROM accounts ORDER BY created_at"
    )


def _rooms() -> None:
    op.add_column("entries", _at("journal", nullable=True))
    op.add_column("rooms", sa.Column("slow", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "rooms", sa.Column("open_from", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column("rooms", _at("deleted_at", nullable=True))
    op.add_column("rooms", _at("changed_at", nullable=True))
    op.add_column("rooms", sa.Column("changed_by", sa.String(40), nullable=True))
    op.execute("UPDATE rooms SET changed_at = created_at")
    op.add_column("rooms", sa.Column("direct", sa.String(100), nullable=True))
    op.create_index("ix_rooms_direct", "rooms", ["direct"], unique=True)
    op.create_table(
        "asks",
        sa.Column("room", sa.String(40), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("text", sa.String(600), nullable=False),
        _at("at"),
        _at("declined_at", nullable=True),
        sa.Column("declined_by", sa.String(40), nullable=True),
        sa.ForeignKeyConstraint(["room"], ["rooms.id"], name="fk_asks_room"),
        sa.ForeignKeyConstraint(["person"], ["accounts.id"], name="fk_asks_person"),
        sa.PrimaryKeyConstraint("room", "person", name="pk_asks"),
    )
    op.create_index("ix_asks_person", "asks", ["person"])
    op.create_table(
        "blocks",
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("blocked", sa.String(40), nullable=False),
        _at("at"),
        sa.ForeignKeyConstraint(["person"], ["accounts.id"], name="fk_blocks_person"),
        sa.ForeignKeyConstraint(["blocked"], ["accounts.id"], name="fk_blocks_blocked"),
        sa.PrimaryKeyConstraint("person", "blocked", name="pk_blocks"),
    )
    op.create_table(
        "last_posts",
        sa.Column("room", sa.String(40), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        _at("at"),
        sa.ForeignKeyConstraint(["room"], ["rooms.id"], name="fk_last_posts_room"),
        sa.ForeignKeyConstraint(["person"], ["accounts.id"], name="fk_last_posts_person"),
        sa.PrimaryKeyConstraint("room", "person", name="pk_last_posts"),
    )
    op.create_table(
        "default_grants",
        sa.Column("subject_kind", sa.String(10), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject_kind", "subject", name="pk_default_grants"),
    )


def _invitations() -> None:
    op.add_column("invitations", sa.Column("guest_days", sa.Integer(), nullable=True))
    op.create_table(
        "invitation_rooms",
        sa.Column("invitation", sa.String(40), nullable=False),
        sa.Column("room", sa.String(40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation"], ["invitations.id"], name="fk_invitation_rooms_invitation"
        ),
        sa.ForeignKeyConstraint(["room"], ["rooms.id"], name="fk_invitation_rooms_room"),
        sa.PrimaryKeyConstraint("invitation", "room", name="pk_invitation_rooms"),
    )


def _access_log() -> None:
    """Finds access entries among posts, which these indexes leave out."""
    access = sa.text("access_hash IS NOT NULL")
    for name, columns in (
        ("room", ["room", "at", "seq"]),
        ("at", ["at", "room", "seq"]),
        ("kind", ["kind", "at", "room", "seq"]),
    ):
        op.create_index(
            f"ix_entries_access_{name}",
            "entries",
            columns,
            sqlite_where=access,
            postgresql_where=access,
        )
