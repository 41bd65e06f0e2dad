-- What came of a step, in one word of a closed set (bot/runtime/marking.py). What was logged before has none.
ALTER TABLE log ADD COLUMN mark text NOT NULL DEFAULT '';

-- `release` names the set of flows that is live, as one word; nothing where nobody said it yet.
ALTER TABLE lowtide ADD COLUMN release text NOT NULL DEFAULT '';

-- Keeps many changes, as lowtide_commit_2 did, with what came of each step; and none of them, returning 3 for each,
-- where they were made with other flows (`release_`) than those that are live.
CREATE FUNCTION lowtide_commit_3(
    persons_ text[], places_ bytea[], addresses_ bytea[], keys_ bytea[], expected_ integer[], ats_ bigint[],
    sessions_ bytea[], updates_ bytea[], farewells_ bytea[], forgets_ boolean[],
    drop_of integer[], drop_since integer[], drop_timer text[],
    arm_of integer[], arm_since integer[], arm_timer text[], arm_due bigint[],
    post_of integer[], post_key text[], post_platform text[], post_place bytea[], post_turn integer[],
    post_owner text[], post_message bytea[],
    count_of integer[], count_name text[],
    log_of integer[], log_at bigint[], log_turn integer[], log_kind text[], log_what text[], log_flow text[],
    log_version integer[], log_state text[], log_tries integer[], log_lands text[], log_mark text[],
    release_ text, note text
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
    -- Nobody goes live between our look and our end: whoever does waits for us, and we for them.
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('lowtide release ' || current_schema(), 0));
    IF EXISTS (SELECT 1 FROM lowtide WHERE release NOT IN ('', release_)) AND release_ <> '' THEN
        RETURN array_fill(3, ARRAY[count_]);
    END IF;

    WITH new AS (
        INSERT INTO updates (fingerprint, at)
        SELECT c.fingerprint, c.at FROM unnest(updates_, farewells_, ats_) AS c (fingerprint, farewell, at)
        WHERE c.fingerprint IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM updates AS u WHERE u.fingerprint = c.farewell)
        ORDER BY c.fingerprint
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
        INSERT INTO log (person, at, turn, kind, what, flow, version, state, tries, lands, mark)
        SELECT persons_[c.n], c.at, c.turn, c.kind, c.what, c.flow, c.version, c.state, c.tries, c.lands, c.mark
        FROM unnest(log_of, log_at, log_turn, log_kind, log_what, log_flow, log_version, log_state, log_tries,
            log_lands, log_mark) WITH ORDINALITY
            AS c (n, at, turn, kind, what, flow, version, state, tries, lands, mark, rank)
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

-- Replicas of the release before go on with the old name, know no marks, and hold to no release.
CREATE OR REPLACE FUNCTION lowtide_commit_2(
    persons_ text[], places_ bytea[], addresses_ bytea[], keys_ bytea[], expected_ integer[], ats_ bigint[],
    sessions_ bytea[], updates_ bytea[], farewells_ bytea[], forgets_ boolean[],
    drop_of integer[], drop_since integer[], drop_timer text[],
    arm_of integer[], arm_since integer[], arm_timer text[], arm_due bigint[],
    post_of integer[], post_key text[], post_platform text[], post_place bytea[], post_turn integer[],
    post_owner text[], post_message bytea[],
    count_of integer[], count_name text[],
    log_of integer[], log_at bigint[], log_turn integer[], log_kind text[], log_what text[], log_flow text[],
    log_version integer[], log_state text[], log_tries integer[], log_lands text[],
    note text
) RETURNS smallint[] LANGUAGE sql AS $$
    SELECT lowtide_commit_3(
        persons_, places_, addresses_, keys_, expected_, ats_, sessions_, updates_, farewells_, forgets_,
        drop_of, drop_since, drop_timer, arm_of, arm_since, arm_timer, arm_due, post_of, post_key,
        post_platform, post_place, post_turn, post_owner, post_message, count_of, count_name, log_of, log_at,
        log_turn, log_kind, log_what, log_flow, log_version, log_state, log_tries, log_lands,
        array_fill(''::text, ARRAY[cardinality(log_of)]), '', note)
$$;

DROP FUNCTION lowtide_commit(
    text[], bytea[], bytea[], bytea[], integer[], bigint[], bytea[], bytea[], boolean[], integer[], integer[],
    text[], integer[], integer[], text[], bigint[], integer[], text[], text[], bytea[], integer[], text[],
    bytea[], integer[], text[], integer[], bigint[], integer[], text[], text[], text[], integer[], text[],
    integer[], text[], text);
