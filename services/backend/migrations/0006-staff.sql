-- What staff look for: players by the beginning of their name, in small letters.
CREATE INDEX players_by_name ON players (lower(name) text_pattern_ops);
CREATE INDEX identities_by_subject ON identities (subject) WHERE kind = 'email';
