-- Dreams a person has looked at and let pass, each with a digest of the answer they saw: when the same
-- question gets another answer, it is shown again.
CREATE TABLE reviews (dream VARCHAR NOT NULL, answer VARCHAR NOT NULL, PRIMARY KEY (dream, answer));
