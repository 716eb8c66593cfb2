-- What became of a set-off: taken back by who declared it, accepted after all by who contested it, or decided by others or together.
alter table liability.set_off
    add column outcome       text check (outcome in ('WITHDRAWN', 'ACCEPTED', 'COURT', 'ARBITRATION', 'AGREEMENT')),
    -- Of the amount; what does not stand was never extinguished.
    add column stands_fen    bigint check (stands_fen between 0 and amount_fen),
    add column ended_at      timestamptz,
    add column ended_by      uuid,
    add column decided_on    date,
    -- The decision or agreement by its reference, and the SHA-256 of its file.
    add column document      text check (length(document) between 1 and 200),
    add column document_hash text check (document_hash ~ '^[0-9a-f]{64}$'),
    add column ended_words   text check (length(ended_words) between 1 and 2000),
    add constraint set_off_ended check ((outcome is null) = (ended_at is null) and (outcome is null) = (stands_fen is null)
        and (outcome is null) = (ended_by is null)),
    add constraint set_off_decided check ((outcome in ('COURT', 'ARBITRATION', 'AGREEMENT')) is not true
        or (decided_on is not null and document is not null and document_hash is not null)),
    add constraint set_off_own check (outcome <> 'WITHDRAWN' or stands_fen = 0),
    add constraint set_off_accepted check (outcome <> 'ACCEPTED' or stands_fen = amount_fen);

-- Money that came in for a claim, so that a set-off that falls leaves just its own part open; null when it was recorded before.
alter table liability.claim
    add column paid_fen       bigint check (paid_fen between 0 and amount_fen),
    add column paid_reference text check (length(paid_reference) between 1 and 100);
