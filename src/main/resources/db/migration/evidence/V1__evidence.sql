-- The ledger. Everything is insert-only for the application but the queue of facts waiting to be sealed.
create schema evidence;
grant usage on schema evidence to retainer_rt;

-- One row per fact, written in the transaction of the fact. The text is what was hashed; the columns beside it repeat
-- parts of it for searching and prove nothing.
create table evidence.leaf (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    kind        text not null,
    clause      text not null,
    subject     text not null,
    recorded_at timestamptz not null,
    text        text not null,
    hash        bytea not null check (octet_length(hash) = 32),
    primary key (tenant_id, id)
);
select platform.guard('evidence.leaf', 'insert only');

-- Written with the leaf, removed when it is sealed. The sequence gives the order of insertion. The hash is here too, so
-- that sealing needs no join: the statistics of a queue are always wrong.
create table evidence.pending (
    tenant_id   uuid not null,
    contract_id uuid not null,
    leaf_id     uuid not null,
    seq         bigint not null generated always as identity,
    hash        bytea not null check (octet_length(hash) = 32),
    primary key (tenant_id, contract_id, leaf_id)
);
select platform.guard('evidence.pending');

-- The place of each fact in the tree of its contract. No foreign key: each insert would lock its leaf, and what it would
-- guard, the tree guards better.
create table evidence.sealed (
    tenant_id   uuid not null,
    contract_id uuid not null,
    index       bigint not null check (index >= 0),
    leaf_id     uuid not null,
    hash        bytea not null check (octet_length(hash) = 32),
    primary key (tenant_id, contract_id, index),
    unique (tenant_id, leaf_id)
);
select platform.guard('evidence.sealed', 'insert only');

-- Full tiles of 256 hashes: at level 0 of leaves, at level 1 of the roots of 256-leaf tiles, and so on.
create table evidence.tile (
    tenant_id   uuid not null,
    contract_id uuid not null,
    level       int not null check (level >= 0),
    index       bigint not null check (index >= 0),
    hashes      bytea not null check (octet_length(hashes) = 8192),
    root        bytea not null check (octet_length(root) = 32),
    primary key (tenant_id, contract_id, level, index)
);
select platform.guard('evidence.tile', 'insert only');

-- Every signed head, and the peaks of its tree, from which the next one grows.
create table evidence.checkpoint (
    tenant_id   uuid not null,
    contract_id uuid not null,
    size        bigint not null check (size > 0),
    note        text not null,
    peaks       bytea not null check (octet_length(peaks) = 32 * bit_count(size::bit(64))),
    signed_at   timestamptz not null,
    primary key (tenant_id, contract_id, size)
);
select platform.guard('evidence.checkpoint', 'insert only');

-- The public half of the one key that signs here, so that a lost or exchanged key file is noticed.
create table evidence.signer (
    the_only   boolean primary key default true check (the_only),
    public_key bytea not null check (octet_length(public_key) = 32),
    since      timestamptz not null
);
grant select, insert on evidence.signer to retainer_rt;

-- Whose ledgers have something to seal; ids only.
create function evidence.unsealed(most int) returns table (tenant_id uuid, contract_id uuid)
    language sql stable security definer set search_path = '' as $$
        select p.tenant_id, p.contract_id from evidence.pending p group by p.tenant_id, p.contract_id order by min(p.seq) limit most
    $$;
select platform.scan('evidence.unsealed', 'int', 'evidence.pending', array['tenant_id', 'contract_id', 'seq']);
