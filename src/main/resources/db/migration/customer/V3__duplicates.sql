-- Who is who: runs over all customers of a client, the pairs they leave to be decided, and what was merged.

create table customer.resolution (
    tenant_id     uuid not null,
    id            uuid not null,
    contract_id   uuid not null,
    state         text not null check (state in ('READING', 'COMPARING', 'STORING', 'DONE', 'FAILED', 'STOPPED')),
    records_total bigint not null default 0,
    records_read  bigint not null default 0,
    candidates    bigint not null default 0,
    merge_pairs   bigint not null default 0,
    review_pairs  bigint not null default 0,
    apart_pairs   bigint not null default 0,
    -- Log2 odds from which a pair is merged, below which it is set apart, and before anything is compared.
    merge_from    double precision not null default 0,
    apart_below   double precision not null default 0,
    prior         double precision not null default 0,
    -- The kinds of value that were compared, the most telling first.
    columns       text[] not null default '{}',
    -- How many answers of people were learned from.
    lessons       int not null default 0,
    started_by    uuid not null,
    started_at    timestamptz not null,
    ended_at      timestamptz,
    primary key (tenant_id, id)
);
select platform.guard('customer.resolution');
-- One at a time for each client.
create unique index resolution_running on customer.resolution (tenant_id)
    where state in ('READING', 'COMPARING', 'STORING');

-- Says how far values agree and nothing of the values. Decided pairs outlive their customers: they are what is learned from.
create table customer.pair (
    tenant_id   uuid not null,
    id          uuid not null,
    first       uuid not null,
    second      uuid not null,
    columns     text[] not null,
    -- For each column a matching.Grade, what it is worth in bits, and what all came to before people answered.
    grades      text[] not null,
    weights     real[] not null,
    base_bits   double precision not null,
    bits        double precision not null,
    band        text not null check (band in ('MERGE', 'REVIEW', 'APART')),
    rank        int not null,
    answer      text check (answer in ('SAME', 'DIFFERENT', 'CANNOT_SAY')),
    answered_by uuid,
    answered_at timestamptz,
    merge_id    uuid,
    primary key (tenant_id, id),
    unique (tenant_id, first, second),
    check (first < second),
    check ((answer is null) = (answered_at is null)),
    check (cardinality(columns) = cardinality(grades) and cardinality(columns) = cardinality(weights))
);
create index pair_open on customer.pair (tenant_id, band, rank) where answer is null;
create index pair_answered on customer.pair (tenant_id, answered_at desc) where answer is not null;
create index pair_by_second on customer.pair (tenant_id, second);
select platform.guard('customer.pair');

create table customer.merge (
    tenant_id   uuid not null,
    id          uuid not null,
    survivor_id uuid not null,
    merged_id   uuid not null,
    pair_id     uuid,
    -- The import that had brought the merged one: whoever takes that back undoes the merge first.
    merged_batch uuid,
    -- All that is needed to put both back, sealed; gone once they are.
    before      bytea,
    merged_by   uuid not null,
    merged_at   timestamptz not null,
    undone_by   uuid,
    undone_at   timestamptz,
    primary key (tenant_id, id),
    check ((before is null) = (undone_at is not null))
);
create index merge_by_survivor on customer.merge (tenant_id, survivor_id) where undone_at is null;
create index merge_by_time on customer.merge (tenant_id, id desc);
select platform.guard('customer.merge');

-- Ids, and numbers of the client's, under which a merged customer is still found.
create table customer.alias (
    tenant_id   uuid not null,
    id          uuid not null,
    survivor_id uuid not null,
    reference   text,
    primary key (tenant_id, id),
    unique (tenant_id, reference),
    foreign key (tenant_id, survivor_id) references customer.customer (tenant_id, id) on delete cascade
);
create index alias_by_survivor on customer.alias (tenant_id, survivor_id);
select platform.guard('customer.alias');

-- What was agreed to follows the person.
grant update (customer_id) on customer.consent to retainer_rt;
