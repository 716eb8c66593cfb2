-- Addresses from before regions were recognised (V16) get theirs in the background: they are sealed, and no migration opens
-- them. One row for each client that has such addresses; a client that comes later has none.
create table customer.region_filling (
    tenant_id uuid not null primary key,
    -- How far it has come in the order of the ids of the customers; null at the beginning.
    after_id  uuid,
    seen      bigint not null default 0,
    filled    bigint not null default 0,
    ended_at  timestamptz
);

-- The owner is under the policies too, which are for the application.
alter table customer.customer no force row level security;
insert into customer.region_filling (tenant_id)
select distinct c.tenant_id from customer.customer c
where exists (select from unnest(c.contacts) as k where k.kind = 'ADDRESS' and k.region is null);
alter table customer.customer force row level security;
select platform.guard('customer.region_filling');

-- The clients whose addresses have not all been looked at.
create function customer.regions_to_fill(most int) returns setof uuid
    language sql stable security definer set search_path = '' as $$
    select f.tenant_id from customer.region_filling f where f.ended_at is null order by f.tenant_id limit most
$$;
select platform.scan('customer.regions_to_fill', 'int', 'customer.region_filling', array['tenant_id', 'ended_at']);
