"""Making a database slow at one place, so that a race is lost every time and not once a year."""

from sqlalchemy import Engine, text

_SLEEP = """
CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_sleep({seconds}); RETURN COALESCE(NEW, OLD); END $$
"""


def dawdle(engine: Engine, when: str, table: str, seconds: float = 0.2) -> None:
    """Let PostgreSQL sleep so long before or after it changes a row of a table.

    SQLite has no such thing and needs none: there one writer waits for the other anyway.
    """
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text(_SLEEP.format(seconds=seconds)))
            trigger = f"CREATE TRIGGER dawdle {when} ON {table} FOR EACH ROW"
            connection.execute(text(f"{trigger} EXECUTE FUNCTION dawdle()"))
