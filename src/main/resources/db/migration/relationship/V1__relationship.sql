-- Relations with the client's customers (I-1.1*(3)): who looks after whom, and what was said.
create schema relationship;
grant usage on schema relationship to retainer_rt;

create table relationship.relation (
    tenant_id       uuid not null,
    contract_id     uuid not null,
    customer_id     uuid not null,
    tier            text not null check (tier in ('KEY', 'REGULAR', 'OCCASIONAL')),
    -- Null in the pool.
    agent_id        uuid,
    since           timestamptz not null,
    held_since      timestamptz not null,
    last_from       uuid,
    last_contact_at timestamptz,
    round           int not null check (round > 0),
    -- When a held customer goes back to the pool.
    idle_at         timestamptz,
    version         int not null,
    primary key (tenant_id, contract_id, customer_id),
    check ((agent_id is null) = (idle_at is null))
);
create index relation_of_agent on relationship.relation (tenant_id, contract_id, agent_id, customer_id desc);
create index relation_by_contact on relationship.relation (tenant_id, contract_id, last_contact_at);
create index relation_idle on relationship.relation (idle_at, customer_id) where idle_at is not null;
select platform.guard('relationship.relation');

-- How customers are shared out, and how often each tier is to be contacted; without a row the platform's rules hold.
create table relationship.rules (
    tenant_id       uuid not null,
    contract_id     uuid not null,
    most            int not null check (most between 1 and 10000),
    idle_days       int not null check (idle_days between 1 and 730),
    cool_days       int not null check (cool_days between 0 and 730),
    key_days        int check (key_days between 1 and 730),
    regular_days    int check (regular_days between 1 and 730),
    occasional_days int check (occasional_days between 1 and 730),
    version         int not null,
    primary key (tenant_id, contract_id)
);
select platform.guard('relationship.rules');

-- Notes, calls and visits; and who held the customer when. What was said is sealed.
create table relationship.touch (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    customer_id uuid not null,
    kind        text not null check (kind in ('NOTE', 'CALL', 'VISIT', 'BEGUN', 'PICKED', 'RELEASED', 'RECYCLED', 'HANDED_OVER',
        'TIER_SET')),
    reached     boolean,
    words       bytea,
    -- The tier, or the agent it came from or went to.
    code        text check (length(code) between 1 and 40),
    actor       uuid,
    happened_at timestamptz not null,
    recorded_at timestamptz not null,
    primary key (tenant_id, id),
    check ((reached is not null) = (kind in ('CALL', 'VISIT'))),
    check (words is null or kind in ('NOTE', 'CALL', 'VISIT'))
);
create index touch_of_customer on relationship.touch (tenant_id, contract_id, customer_id, happened_at desc, id desc);
select platform.guard('relationship.touch', 'insert only');
grant update (words, customer_id) on relationship.touch to retainer_rt;

-- Held customers that nobody has been in contact with for too long.
create function relationship.idle(now timestamptz, most int)
    returns table (tenant_id uuid, contract_id uuid, customer_id uuid)
    language sql stable security definer set search_path = '' as $$
    select r.tenant_id, r.contract_id, r.customer_id from relationship.relation r
    where r.idle_at <= now order by r.idle_at, r.customer_id limit most
$$;
select platform.scan('relationship.idle', 'timestamptz, int', 'relationship.relation',
    array['tenant_id', 'contract_id', 'customer_id', 'idle_at']);
