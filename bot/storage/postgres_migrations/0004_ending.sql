-- Whoever is kept ends by a row: it looks at once after what is over, spread over a day, and then when it has to.
INSERT INTO timers (person, since, timer, due)
SELECT id, 0, 'keep:', (extract(epoch FROM now()) * 1000000)::bigint + (random() * 86400000000)::bigint FROM persons
ON CONFLICT DO NOTHING;

-- Rest the timers of the person who was last at a place, but for the one that ends things, and treat what waited
-- there as sent.
CREATE FUNCTION lowtide_left_2(place_ bytea, at_ bigint, kept integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH there AS (SELECT id FROM persons WHERE place = place_ FOR NO KEY UPDATE),
        rested AS (
            DELETE FROM timers USING there WHERE person = id AND timer <> 'keep:'
            RETURNING person, since, timer, due)
    INSERT INTO resting SELECT * FROM rested
    ON CONFLICT (person, since, timer) DO UPDATE SET due = excluded.due;
    PERFORM lowtide_delivered(array_agg(key), array_agg(at_), kept) FROM outbox WHERE place = place_;
END
$$;
