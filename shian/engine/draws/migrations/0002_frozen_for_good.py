"""The database itself refuses to change what a draw was frozen with, what was drawn, and what was read.

Rows of a frame may come and go while the draw is a draft, and never again. A key that is fixed stays.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION draws_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a draw is never rewritten: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION draws_draft_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE drawn_from bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.draw_id ELSE OLD.draw_id END;
BEGIN
    IF TG_OP = 'UPDATE' OR (SELECT frozen_at FROM draws_draw WHERE id = drawn_from) IS NOT NULL THEN
        RAISE EXCEPTION 'the frame of draw % is frozen: % refused', drawn_from, TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
END $$;
CREATE TRIGGER draws_drawrow_draft_only BEFORE INSERT OR UPDATE OR DELETE ON draws_drawrow
    FOR EACH ROW EXECUTE FUNCTION draws_draft_only();

CREATE TRIGGER draws_drawperson_draft_only BEFORE INSERT OR UPDATE OR DELETE ON draws_drawperson
    FOR EACH ROW EXECUTE FUNCTION draws_draft_only();

CREATE FUNCTION draws_keep_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.frozen_at IS NULL THEN
        RETURN NEW;
    END IF;
    IF (OLD.uid, OLD.title, OLD.basis, OLD.area_key, OLD.frame_kind, OLD.owner, OLD.as_of, OLD.parameters, OLD.method,
        OLD.sources, OLD.known_at, OLD.parties, OLD.frame_count, OLD.frame_digest, OLD.frozen_at,
        OLD.team_rules, OLD.people_count, OLD.people_digest)
        IS DISTINCT FROM
       (NEW.uid, NEW.title, NEW.basis, NEW.area_key, NEW.frame_kind, NEW.owner, NEW.as_of, NEW.parameters, NEW.method,
        NEW.sources, NEW.known_at, NEW.parties, NEW.frame_count, NEW.frame_digest, NEW.frozen_at,
        NEW.team_rules, NEW.people_count, NEW.people_digest)
       OR (OLD.key <> '' AND NEW.key <> OLD.key) OR (OLD.drawn_at IS NOT NULL AND NEW.drawn_at <> OLD.drawn_at) THEN
        RAISE EXCEPTION 'draw % is frozen: what it was frozen with stays', OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER draws_draw_keep_frozen BEFORE UPDATE ON draws_draw
    FOR EACH ROW EXECUTE FUNCTION draws_keep_frozen();
CREATE TRIGGER draws_draw_never_deleted BEFORE DELETE ON draws_draw FOR EACH ROW EXECUTE FUNCTION draws_refuse();
CREATE TRIGGER draws_drawcell_frozen BEFORE UPDATE OR DELETE ON draws_drawcell
    FOR EACH ROW EXECUTE FUNCTION draws_refuse();
CREATE TRIGGER draws_drawpick_frozen BEFORE UPDATE OR DELETE ON draws_drawpick
    FOR EACH ROW EXECUTE FUNCTION draws_refuse();
CREATE TRIGGER draws_drawmember_frozen BEFORE UPDATE OR DELETE ON draws_drawmember
    FOR EACH ROW EXECUTE FUNCTION draws_refuse();
CREATE TRIGGER draws_replacement_frozen BEFORE UPDATE OR DELETE ON draws_replacement
    FOR EACH ROW EXECUTE FUNCTION draws_refuse();
CREATE TRIGGER draws_reading_frozen BEFORE UPDATE OR DELETE ON draws_reading
    FOR EACH ROW EXECUTE FUNCTION draws_refuse();

CREATE FUNCTION draws_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.secret <> '' OR (OLD.draw_id, OLD.party, OLD.digest, OLD.committed_at)
        IS DISTINCT FROM (NEW.draw_id, NEW.party, NEW.digest, NEW.committed_at) THEN
        RAISE EXCEPTION 'a commitment never changes: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER draws_commitment_bound BEFORE UPDATE ON draws_commitment
    FOR EACH ROW EXECUTE FUNCTION draws_bound();
CREATE TRIGGER draws_commitment_kept BEFORE DELETE ON draws_commitment
    FOR EACH ROW EXECUTE FUNCTION draws_refuse();
"""
BACKWARD = """
DROP TRIGGER draws_commitment_kept ON draws_commitment;
DROP TRIGGER draws_commitment_bound ON draws_commitment;
DROP FUNCTION draws_bound();
DROP TRIGGER draws_reading_frozen ON draws_reading;
DROP TRIGGER draws_replacement_frozen ON draws_replacement;
DROP TRIGGER draws_drawmember_frozen ON draws_drawmember;
DROP TRIGGER draws_drawpick_frozen ON draws_drawpick;
DROP TRIGGER draws_drawcell_frozen ON draws_drawcell;
DROP TRIGGER draws_draw_never_deleted ON draws_draw;
DROP TRIGGER draws_draw_keep_frozen ON draws_draw;
DROP FUNCTION draws_keep_frozen();
DROP TRIGGER draws_drawperson_draft_only ON draws_drawperson;
DROP TRIGGER draws_drawrow_draft_only ON draws_drawrow;
DROP FUNCTION draws_draft_only();
DROP FUNCTION draws_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("draws", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
