"""The database itself refuses to change or remove a row of the log, to leave a gap in it, and to have two heads."""

from django.db import migrations

TABLES = ("entry", "rows", "leaf", "tile", "checkpoint", "cosignature")

REFUSE = """
CREATE FUNCTION notary_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
APPEND_ONLY = """
CREATE TRIGGER notary_{table}_append_only BEFORE UPDATE OR DELETE ON notary_{table}
    FOR EACH ROW EXECUTE FUNCTION notary_refuse();
CREATE TRIGGER notary_{table}_no_truncate BEFORE TRUNCATE ON notary_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION notary_refuse();
"""
# An entry's transaction has its id before the entry has its number: sequencing relies on it (Checkpoint.horizon).
NUMBERED = """
ALTER TABLE notary_entry ALTER COLUMN id DROP IDENTITY;
CREATE SEQUENCE notary_entry_id_seq OWNED BY notary_entry.id;
CREATE FUNCTION notary_next_entry() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_current_xact_id();
    RETURN nextval('notary_entry_id_seq');
END $$;
ALTER TABLE notary_entry ALTER COLUMN id SET DEFAULT notary_next_entry();
"""
GAPLESS = """
CREATE FUNCTION notary_leaves_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lowest bigint; highest bigint; many bigint;
BEGIN
    SELECT min(number), max(number), count(*) INTO lowest, highest, many FROM added;
    IF many > 0 AND (
        highest - lowest + 1 <> many
        OR (lowest > 0 AND NOT EXISTS (SELECT 1 FROM notary_leaf WHERE number = lowest - 1))
    ) THEN
        RAISE EXCEPTION 'leaves % to % leave a gap', lowest, highest USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER notary_leaf_gapless AFTER INSERT ON notary_leaf REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION notary_leaves_follow();
CREATE FUNCTION notary_head_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM notary_checkpoint WHERE size >= NEW.size) THEN
        RAISE EXCEPTION 'the log was signed at % entries or more', NEW.size USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER notary_checkpoint_grows BEFORE INSERT ON notary_checkpoint
    FOR EACH ROW EXECUTE FUNCTION notary_head_grows();
"""
# Hashes do not compress; trying to costs time at every tile.
STORED = "ALTER TABLE notary_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;"

FORWARD = REFUSE + "".join(APPEND_ONLY.format(table=table) for table in TABLES) + NUMBERED + GAPLESS + STORED


class Migration(migrations.Migration):
    dependencies = [("notary", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD)]
