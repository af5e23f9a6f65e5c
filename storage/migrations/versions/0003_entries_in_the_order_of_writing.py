"""Entries lie in the order in which they were written, each with its text.

Before, each room's lay together, and texts and posts' ids in tables of their own: a commit for many
rooms touched three pages a post. Of `post_ids` only refusals stay; entries say the rest themselves.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COPY = """
INSERT INTO entries
    (room, seq, kind, author, tag, at, client_id, delta, access_hash, journal, text)
SELECT
    old.room, old.seq, old.kind, old.author, old.tag, old.at, old.client_id, old.delta,
    old.access_hash, old.journal, bodies.text
FROM entries_before AS old
LEFT JOIN bodies ON bodies.room = old.room AND bodies.seq = old.seq
ORDER BY old.at, old.room, old.seq
"""


def upgrade() -> None:
    for name in ("room", "at", "kind"):
        op.drop_index(f"ix_entries_access_{name}", "entries")
    op.rename_table("entries", "entries_before")
    _make_entries()
    op.execute(_COPY)
    op.drop_table("entries_before")
    op.drop_table("bodies")
    _index_entries()
    _keep_refusals()


def _make_entries() -> None:
    op.create_table(
        "entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("room", sa.String(40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("author", sa.String(40), nullable=True),
        sa.Column("tag", sa.String(40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=True),
        sa.Column("delta", sa.Text(), nullable=True),
        sa.Column("access_hash", sa.String(64), nullable=True),
        sa.Column("journal", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["room"], ["rooms.id"], name="fk_entries_room"),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
    )


def _index_entries() -> None:
    op.create_index("ix_entries_room_seq", "entries", ["room", "seq"], unique=True)
    posts = sa.text("client_id IS NOT NULL")
    op.create_index(
        "ix_entries_posts",
        "entries",
        ["author", "client_id"],
        unique=True,
        sqlite_where=posts,
        postgresql_where=posts,
    )
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


def _keep_refusals() -> None:
    op.create_table(
        "refusals",
        sa.Column("author", sa.String(40), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("room", sa.String(40), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("author", "client_id", name="pk_refusals"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO refusals (author, client_id, room, code, at, text_hash)"
        " SELECT author, client_id, room, refusal, at, text_hash FROM post_ids"
        " WHERE refusal IS NOT NULL"
    )
    op.drop_table("post_ids")
