-- Memories are kept as versions: one row per night and stage in which a memory changed, so the ledger
-- of any night can be read again. Stage 0 is the person's own edit during that day, 1 what curation
-- made of the day, 2 what the examination changed. The newest (night, stage) of an id is the memory.
CREATE TABLE memory_versions (
    night DATE NOT NULL,
    stage TINYINT NOT NULL,
    id VARCHAR NOT NULL,
    statement VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    relation VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    told DATE NOT NULL,
    sources VARCHAR[] NOT NULL,
    kind VARCHAR NOT NULL,
    slot VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    confidence DOUBLE NOT NULL,
    reward DOUBLE NOT NULL,
    stress DOUBLE NOT NULL,
    activation DOUBLE NOT NULL,
    replaces VARCHAR,
    superseded_by VARCHAR,
    nights_recalled INTEGER NOT NULL,
    last_recalled DATE
);

CREATE INDEX memory_versions_id ON memory_versions (id);

-- What was forgotten: the id (a hash) and the day, nothing of the content.
CREATE TABLE forgotten (id VARCHAR PRIMARY KEY, day DATE NOT NULL);

CREATE TABLE verdicts (
    night DATE NOT NULL,
    turn_id VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    kept BOOLEAN NOT NULL,
    reason VARCHAR NOT NULL,
    signals VARCHAR NOT NULL
);

-- The search indexes of memories and of turns: documents, their weighted stems, and their vectors with
-- the signs of the components as six 64-bit words.
CREATE TABLE memory_docs (
    doc INTEGER, ref VARCHAR, digest VARCHAR, meaning VARCHAR, length FLOAT, speaker VARCHAR, asks BOOLEAN, dated BOOLEAN
);
CREATE TABLE memory_terms (term VARCHAR, doc INTEGER, weight FLOAT, length FLOAT);
CREATE TABLE memory_vectors (
    doc INTEGER, vector FLOAT[384], s0 UBIGINT, s1 UBIGINT, s2 UBIGINT, s3 UBIGINT, s4 UBIGINT, s5 UBIGINT
);
CREATE TABLE turn_docs (
    doc INTEGER, ref VARCHAR, digest VARCHAR, meaning VARCHAR, length FLOAT, speaker VARCHAR, asks BOOLEAN, dated BOOLEAN
);
CREATE TABLE turn_terms (term VARCHAR, doc INTEGER, weight FLOAT, length FLOAT);
CREATE TABLE turn_vectors (
    doc INTEGER, vector FLOAT[384], s0 UBIGINT, s1 UBIGINT, s2 UBIGINT, s3 UBIGINT, s4 UBIGINT, s5 UBIGINT
);
CREATE INDEX memory_vectors_doc ON memory_vectors (doc);
CREATE INDEX turn_vectors_doc ON turn_vectors (doc);
