"""The schema's root: every ``tables.py`` hangs its tables on this ``metadata``."""

from sqlalchemy import MetaData
from sqlalchemy.types import TIMESTAMP

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: Every moment in the database is aware and UTC inside.
Moment = TIMESTAMP(timezone=True)
