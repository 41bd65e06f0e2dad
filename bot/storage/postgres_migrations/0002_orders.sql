-- Every change as a function: many statements, one round trip. Whoever changes one makes a migration with one of
-- another name, so that replicas of the release before go on meanwhile.

-- Remove every row of some persons.
CREATE FUNCTION lowtide_drop(whom text[]) RETURNS void LANGUAGE sql AS $$
    DELETE FROM heard WHERE place IN (
        SELECT place FROM persons WHERE id = ANY(whom)
        UNION ALL SELECT place FROM addresses WHERE person = ANY(whom));
    DELETE FROM persons WHERE id = ANY(whom);
    DELETE FROM addresses WHERE person = ANY(whom);
    DELETE FROM codes WHERE person = ANY(whom);
    DELETE FROM updates WHERE person = ANY(whom);
    DELETE FROM outbox WHERE person = ANY(whom);
    DELETE FROM reached WHERE person = ANY(whom);
    DELETE FROM timers WHERE person = ANY(whom);
    DELETE FROM resting WHERE person = ANY(whom);
    DELETE FROM log WHERE person = ANY(whom)
$$;

-- Let the timers of some persons go on.
CREATE FUNCTION lowtide_rouse(whom text[]) RETURNS void LANGUAGE sql AS $$
    WITH roused AS (DELETE FROM resting WHERE person = ANY(whom) RETURNING person, since, timer, due)
    INSERT INTO timers (person, since, timer, due) SELECT * FROM roused
    ON CONFLICT (person, since, timer) DO UPDATE SET due = excluded.due, held = 0
$$;

-- Keep many changes, each whole or not at all, and notify once. A person and an update stand in them once. Rows
-- of a change say its place among the persons, from 1. What the same call kept before (the line broke before
-- its answer arrived) is told as kept. Returns for each change 0: kept, 1: its update was known, 2: the revision
-- had moved.
CREATE FUNCTION lowtide_commit(
    persons_ text[], places_ bytea[], addresses_ bytea[], keys_ bytea[], expected_ integer[], ats_ bigint[],
    sessions_ bytea[], updates_ bytea[], forgets_ boolean[],
    drop_of integer[], drop_since integer[], drop_timer text[],
    arm_of integer[], arm_since integer[], arm_timer text[], arm_due bigint[],
    post_of integer[], post_key text[], post_platform text[], post_place bytea[], post_turn integer[],
    post_owner text[], post_message bytea[],
    count_of integer[], count_name text[],
    log_of integer[], log_at bigint[], log_turn integer[], log_kind text[], log_what text[], log_flow text[],
    log_version integer[], log_state text[], log_tries integer[], log_lands text[],
    note text
) RETURNS smallint[] LANGUAGE plpgsql AS $$
DECLARE
    fresh bytea[];
    again integer[];
    fit integer[];
    good integer[];
    more integer[];
    whom text[];
    verdicts smallint[];
    count_ integer := cardinality(persons_);
BEGIN
    WITH new AS (
        INSERT INTO updates (fingerprint, person, at)
        SELECT c.fingerprint, CASE WHEN c.forget THEN NULL ELSE c.person END, c.at
        FROM unnest(updates_, persons_, ats_, forgets_) AS c (fingerprint, person, at, forget)
        WHERE c.fingerprint IS NOT NULL ORDER BY c.fingerprint
        ON CONFLICT DO NOTHING RETURNING fingerprint)
    SELECT array_agg(fingerprint) INTO fresh FROM new;

    IF coalesce(cardinality(fresh), 0) = cardinality(array_remove(updates_, NULL)) THEN
        SELECT array_agg(n) INTO fit FROM generate_series(1, count_) AS n;
    ELSE
        SELECT coalesce(array_agg(c.n), '{}') INTO fit
        FROM unnest(updates_) WITH ORDINALITY AS c (fingerprint, n)
        WHERE c.fingerprint IS NULL OR c.fingerprint = ANY(fresh);
    END IF;

    WITH moved AS (
        UPDATE persons
        SET revision = revision + 1, session = c.session,
            place = CASE WHEN c.fingerprint IS NULL THEN persons.place ELSE c.place END,
            address = CASE WHEN c.fingerprint IS NULL THEN persons.address ELSE c.address END
        FROM unnest(persons_, places_, addresses_, expected_, sessions_, updates_, forgets_) WITH ORDINALITY
            AS c (person, place, address, expected, session, fingerprint, forget, n)
        WHERE persons.id = c.person AND persons.revision = c.expected AND c.expected > 0
            AND NOT c.forget AND c.n = ANY(fit)
        RETURNING c.n)
    SELECT coalesce(array_agg(n), '{}') INTO good FROM moved;

    IF 0 = ANY(expected_) THEN
        WITH made AS (
            INSERT INTO persons (id, place, revision, key, address, session)
            SELECT c.person, c.place, 1, c.key, c.address, c.session
            FROM unnest(persons_, places_, keys_, addresses_, sessions_, expected_, forgets_) WITH ORDINALITY
                AS c (person, place, key, address, session, expected, forget, n)
            WHERE c.expected = 0 AND NOT c.forget AND c.n = ANY(fit)
                AND NOT EXISTS (SELECT 1 FROM addresses WHERE addresses.place = c.place)
            ORDER BY c.place
            ON CONFLICT DO NOTHING RETURNING id)
        SELECT array_agg(array_position(persons_, id)) INTO more FROM made;
        good := good || more;
    END IF;

    IF true = ANY(forgets_) THEN
        WITH there AS (
            SELECT c.n, c.expected, persons.revision
            FROM unnest(persons_, expected_, forgets_) WITH ORDINALITY AS c (person, expected, forget, n)
            LEFT JOIN LATERAL (SELECT revision FROM persons WHERE id = c.person FOR UPDATE) AS persons ON true
            WHERE c.forget AND c.n = ANY(fit))
        SELECT array_agg(n) INTO more FROM there WHERE expected = coalesce(revision, 0);
        good := good || more;
        SELECT array_agg(persons_[n]) INTO whom FROM unnest(more) AS n;
        PERFORM lowtide_drop(whom);
    END IF;

    IF cardinality(good) < count_ THEN
        SELECT array_agg(c.n) INTO again
        FROM unnest(persons_, expected_, sessions_) WITH ORDINALITY AS c (person, expected, session, n)
        JOIN persons ON persons.id = c.person
        WHERE persons.revision = c.expected + 1 AND persons.session = c.session AND c.n <> ALL(good);
        DELETE FROM updates WHERE fingerprint IN (
            SELECT c.fingerprint FROM unnest(updates_) WITH ORDINALITY AS c (fingerprint, n)
            WHERE c.n = ANY(fit) AND c.n <> ALL(good));
    END IF;

    IF EXISTS (SELECT 1 FROM resting WHERE person = ANY(persons_)) THEN
        PERFORM lowtide_rouse(array_agg(persons_[n]))
        FROM unnest(good) AS n WHERE updates_[n] IS NOT NULL AND NOT forgets_[n];
    END IF;

    IF cardinality(drop_of) > 0 THEN
        DELETE FROM timers USING unnest(drop_of, drop_since, drop_timer) AS c (n, since, timer)
        WHERE timers.person = persons_[c.n] AND timers.since = c.since
            AND (c.timer IS NULL OR timers.timer = c.timer) AND c.n = ANY(good);
    END IF;

    IF cardinality(arm_of) > 0 THEN
        INSERT INTO timers (person, since, timer, due)
        SELECT persons_[c.n], c.since, c.timer, c.due
        FROM unnest(arm_of, arm_since, arm_timer, arm_due) AS c (n, since, timer, due)
        WHERE c.n = ANY(good) AND NOT forgets_[c.n]
        ON CONFLICT (person, since, timer) DO UPDATE SET due = excluded.due, held = 0;
    END IF;

    IF cardinality(post_of) > 0 THEN
        INSERT INTO outbox (key, person, platform, place, turn, owner, message)
        SELECT c.key, CASE WHEN forgets_[c.n] THEN NULL ELSE persons_[c.n] END,
            c.platform, c.place, c.turn, c.owner, c.message
        FROM unnest(post_of, post_key, post_platform, post_place, post_turn, post_owner, post_message)
            WITH ORDINALITY AS c (n, key, platform, place, turn, owner, message, rank)
        WHERE c.n = ANY(good) ORDER BY c.rank;
    END IF;

    IF cardinality(log_of) > 0 THEN
        INSERT INTO log (person, at, turn, kind, what, flow, version, state, tries, lands)
        SELECT persons_[c.n], c.at, c.turn, c.kind, c.what, c.flow, c.version, c.state, c.tries, c.lands
        FROM unnest(log_of, log_at, log_turn, log_kind, log_what, log_flow, log_version, log_state, log_tries,
            log_lands) WITH ORDINALITY
            AS c (n, at, turn, kind, what, flow, version, state, tries, lands, rank)
        WHERE c.n = ANY(good) AND NOT forgets_[c.n] ORDER BY c.rank;
    END IF;

    IF cardinality(count_of) > 0 THEN
        INSERT INTO counters (name, count)
        SELECT c.name, count(*) FROM unnest(count_of, count_name) AS c (n, name)
        WHERE c.n = ANY(good) GROUP BY c.name ORDER BY c.name
        ON CONFLICT (name) DO UPDATE SET count = counters.count + excluded.count;
    END IF;

    IF note <> '' THEN
        PERFORM pg_notify('lowtide', note);
    END IF;

    IF cardinality(good) = count_ THEN
        RETURN array_fill(0, ARRAY[count_]);
    END IF;
    SELECT array_agg(CASE WHEN n = ANY(good || again) THEN 0 WHEN n = ANY(fit) THEN 2 ELSE 1 END ORDER BY n)
    INTO verdicts FROM generate_subscripts(persons_, 1) AS n;
    RETURN verdicts;
END
$$;

-- Drop messages that have reached their person, and note when their turns did; only the last `kept` turns are
-- remembered.
CREATE FUNCTION lowtide_delivered(keys_ text[], ats_ bigint[], kept integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    persons_ text[];
    turns_ integer[];
    times_ bigint[];
BEGIN
    WITH gone AS (
        DELETE FROM outbox USING unnest(keys_, ats_) AS c (key, at) WHERE outbox.key = c.key
        RETURNING outbox.person, outbox.turn, c.at)
    SELECT array_agg(person), array_agg(turn), array_agg(at) INTO persons_, turns_, times_
    FROM gone WHERE person IS NOT NULL AND turn > 0;
    IF persons_ IS NULL THEN
        RETURN;
    END IF;

    WITH there AS (SELECT id FROM persons WHERE id = ANY(persons_) ORDER BY id FOR KEY SHARE)
    INSERT INTO reached (person, turn, at)
    SELECT c.person, c.turn, max(c.at) FROM unnest(persons_, turns_, times_) AS c (person, turn, at)
    JOIN there ON there.id = c.person GROUP BY c.person, c.turn
    ON CONFLICT (person, turn) DO UPDATE SET at = excluded.at;

    DELETE FROM reached USING unnest(persons_, turns_) AS c (person, turn)
    WHERE reached.person = c.person AND reached.turn <= c.turn - kept;
END
$$;

-- Rest the timers of the person who was last at a place, and treat what waited there as sent.
CREATE FUNCTION lowtide_left(place_ bytea, at_ bigint, kept integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH there AS (SELECT id FROM persons WHERE place = place_ FOR NO KEY UPDATE),
        rested AS (DELETE FROM timers USING there WHERE person = id RETURNING person, since, timer, due)
    INSERT INTO resting SELECT * FROM rested
    ON CONFLICT (person, since, timer) DO UPDATE SET due = excluded.due;
    PERFORM lowtide_delivered(array_agg(key), array_agg(at_), kept) FROM outbox WHERE place = place_;
END
$$;
