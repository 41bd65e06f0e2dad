-- Which version and structure of each flow went live last: a start with others looks whether they strand anybody.
CREATE TABLE live (
    flow    text PRIMARY KEY,
    version text NOT NULL
);
