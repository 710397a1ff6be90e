-- The raw log. `chats` holds one row per conversation, `turns` one row per message and version;
-- an edited message leaves its older version behind with active = false.
CREATE TABLE files (
    id INTEGER NOT NULL,
    path VARCHAR NOT NULL,
    format VARCHAR NOT NULL,
    size BIGINT NOT NULL,
    modified BIGINT NOT NULL,      -- mtime in nanoseconds
    digest VARCHAR NOT NULL,       -- of the first `consumed` bytes
    consumed BIGINT NOT NULL,      -- bytes read for good; a log that only grew is continued here
    lines BIGINT NOT NULL,
    stamp VARCHAR NOT NULL,        -- settings the reading depended on
    report VARCHAR NOT NULL,       -- JSON of the counts
    read_at TIMESTAMP NOT NULL
);
CREATE TABLE chats (
    id INTEGER NOT NULL,
    source VARCHAR NOT NULL,
    conversation VARCHAR NOT NULL,
    digest BIGINT NOT NULL,
    merged BOOLEAN NOT NULL,       -- known by its words, not by an id
    updated BIGINT NOT NULL,       -- microseconds since 1970 UTC
    run BIGINT NOT NULL,
    file INTEGER NOT NULL,
    locator VARCHAR NOT NULL
);
CREATE TABLE turns (
    seq BIGINT NOT NULL,           -- order of first sight
    chat INTEGER NOT NULL,
    message VARCHAR NOT NULL,
    parent VARCHAR,
    position INTEGER NOT NULL,
    role VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    instant TIMESTAMP,             -- UTC
    day DATE,                      -- local day from 04:00 to 04:00
    time_quality VARCHAR NOT NULL,
    active BOOLEAN NOT NULL,
    origin VARCHAR NOT NULL,
    chain_high UBIGINT NOT NULL,
    chain_low UBIGINT NOT NULL,
    speaker VARCHAR,
    model VARCHAR,
    reasoning VARCHAR,
    attachment_text VARCHAR,
    file INTEGER NOT NULL,
    run BIGINT NOT NULL
);
CREATE TABLE ingest_rejects (file INTEGER NOT NULL, locator VARCHAR NOT NULL, reason VARCHAR NOT NULL, run BIGINT NOT NULL);
CREATE TABLE tombstones (
    source VARCHAR NOT NULL,
    conversation VARCHAR NOT NULL,
    message VARCHAR,               -- NULL: the whole conversation
    reason VARCHAR NOT NULL,
    buried TIMESTAMP NOT NULL
);
CREATE TABLE forgotten_chains (chain_high UBIGINT NOT NULL, chain_low UBIGINT NOT NULL);
CREATE TABLE pipeline_chains (chain_high UBIGINT NOT NULL, chain_low UBIGINT NOT NULL);
CREATE SEQUENCE ingest_runs;
