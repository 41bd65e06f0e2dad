-- Which version and structure of each flow went live last: a start with others looks first whether they strand anybody.
CREATE TABLE live (
    flow    TEXT PRIMARY KEY,
    version TEXT NOT NULL
) STRICT, WITHOUT ROWID;
