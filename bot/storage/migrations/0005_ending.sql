-- Whoever is kept ends by a row: it looks at once after what is over, spread over a day, and then when it has to.
INSERT OR IGNORE INTO timers (person, since, timer, due)
SELECT id, 0, 'keep:', CAST(strftime('%s', 'now') AS INTEGER) * 1000000 + abs(random() % 86400000000) FROM persons;

