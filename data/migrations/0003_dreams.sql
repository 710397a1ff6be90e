-- What a night dreamt and what it trained on. A dream keeps why it was refused; a veto is the person's
-- and outlives reruns of the night, because dream ids are stable.
CREATE TABLE dreams (
    night DATE NOT NULL,
    id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    question VARCHAR NOT NULL,
    answer VARCHAR NOT NULL,
    memory_ids VARCHAR[] NOT NULL,
    sources VARCHAR[] NOT NULL,
    split VARCHAR NOT NULL,
    accept VARCHAR[] NOT NULL,
    reject VARCHAR[] NOT NULL,
    origin VARCHAR NOT NULL,
    refused VARCHAR NOT NULL
);
CREATE TABLE vetoes (dream VARCHAR PRIMARY KEY, vetoed TIMESTAMP NOT NULL);
CREATE TABLE mixtures (
    night DATE NOT NULL,
    position INTEGER NOT NULL,
    id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    "group" VARCHAR NOT NULL,
    system VARCHAR NOT NULL,
    question VARCHAR NOT NULL,
    answer VARCHAR NOT NULL,
    loss VARCHAR NOT NULL,
    weight DOUBLE NOT NULL,
    value VARCHAR NOT NULL
);
