CREATE TABLE nights (
    night DATE PRIMARY KEY,
    status VARCHAR NOT NULL,        -- pending, published, candidate, rejected, skipped, failed
    recipe VARCHAR,
    inputs VARCHAR,                 -- digest of the day's turns and of the ledger it was run on
    generation VARCHAR,
    reason VARCHAR,
    started TIMESTAMPTZ,
    finished TIMESTAMPTZ
);
CREATE TABLE stages (
    night DATE,
    stage VARCHAR,
    seconds DOUBLE,
    model_seconds DOUBLE,           -- of which model compute
    figures JSON,
    PRIMARY KEY (night, stage)
);
CREATE TABLE gates (
    night DATE,
    generation VARCHAR,
    name VARCHAR,
    passed BOOLEAN,
    figure DOUBLE,
    threshold DOUBLE,
    n INTEGER,
    low DOUBLE,
    high DOUBLE,
    base DOUBLE,
    live DOUBLE,
    detail VARCHAR
);
CREATE TABLE answers (
    night DATE,
    generation VARCHAR,             -- 'base' for the untouched base model
    probe VARCHAR,
    kind VARCHAR,
    memory VARCHAR,
    question VARCHAR,
    answer VARCHAR,
    outcome VARCHAR
);
CREATE TABLE quarantine (
    night DATE,
    suite VARCHAR,
    row_id VARCHAR,
    reason VARCHAR
);
