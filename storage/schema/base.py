"""What all tables share."""

from sqlalchemy import Column, ForeignKey, MetaData, String

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def id_of(
    name: str, target: str, *, primary_key: bool = False, nullable: bool = True
) -> Column[str]:
    """A column that holds the id of a row of another table."""
    nullable = nullable and not primary_key
    return Column(name, String(40), ForeignKey(target), primary_key=primary_key, nullable=nullable)
