-- A customer is one row, contacts and all: five rows with their entries in eleven indexes were what an import paid for.

create type customer.contact_value as (
    id          uuid,
    kind        text,
    value       bytea,
    -- The whole value, to find it and to tell whether two are the same.
    value_index bigint,
    -- Its last four characters, where people ask for it by these.
    value_end   bigint,
    label       text,
    -- Null: that of the customer.
    origin_id   uuid,
    -- Null: with the customer.
    created_at  timestamptz,
    -- Of an address: province and city, such as 广东 深圳; null when they were not recognised.
    region      text,
    -- Of an address: the blind index of its district.
    district    int
);

-- As they come in, many at once in one parameter: ordinary columns of arrays cannot hold a list for each.
create type customer.incoming as (
    id          uuid,
    kind        text,
    name        bytea,
    name_index  bigint,
    name_parts  int[],
    reference   text,
    credit_code text,
    contacts    customer.contact_value[],
    keys        bigint[],
    regions     int[],
    tags        text[],
    -- Of tags and own values; null for today.
    since       date
);

alter table customer.customer
    -- In the order of their ids.
    add column contacts customer.contact_value[] not null default '{}',
    -- Blind indexes under which the customer is found: whole contacts and ends of them.
    add column keys     bigint[] not null default '{}',
    -- The same of province, city and district of the addresses.
    add column regions  int[] not null default '{}';

drop index customer.customer_by_parts;
-- Only to take an import back: its customers have ids later than its own.
drop index customer.customer_by_batch;

-- The owner is under the policies too, which are for the application.
alter table customer.customer no force row level security;
alter table customer.contact no force row level security;
update customer.customer c set
    contacts = k.contacts,
    keys = k.keys
from (
    select tenant_id, customer_id,
        array_agg(row(id, kind, value, value_index, value_end, label, origin_id, created_at, null, null)::customer.contact_value
            order by id) as contacts,
        array_remove(array_agg(case when kind <> 'ADDRESS' then value_index end) || array_agg(value_end), null) as keys
    from customer.contact group by tenant_id, customer_id) as k
where c.tenant_id = k.tenant_id and c.id = k.customer_id;
alter table customer.customer force row level security;

drop table customer.contact;

-- What a customer has, row by row, for whoever reads or counts; written is the customer.
create view customer.contact with (security_invoker = true) as
    select c.tenant_id, k.id, c.id as customer_id, k.kind, k.value, k.value_index, k.value_end, k.label, k.origin_id,
        coalesce(k.created_at, c.created_at) as created_at, k.region, k.district
    from customer.customer c cross join lateral unnest(c.contacts) as k;
grant select on customer.contact to retainer_rt;

-- One index for all that is looked for by blind indexes. The keys are of one tenant each, so it need not lead.
create index customer_by_keys on customer.customer using gin (name_parts, keys, regions);

-- The newest with the parts of their names and their regions, without a look at the wide rows.
create index customer_newest on customer.customer (tenant_id, id) include (name_parts, regions);

-- What is met often enough among the newest is found there; the rest is rare, and then the index of parts brings few.
drop function customer.by_name(int[], uuid, int);
create function customer.by_part(parts int[], places int[], before uuid, most int) returns setof uuid
    language plpgsql stable security definer rows 50 set search_path = '' set enable_seqscan = off as $$
declare
    tenant constant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
    -- What is not asked for must not be in the question: the index would be read as a whole for it.
    condition constant text := concat_ws(' and ',
        case when cardinality(parts) > 0 then 'name_parts @> $2' end,
        case when cardinality(places) > 0 then 'regions @> $5' end);
    newest uuid[];
begin
    if condition = '' then
        return;
    end if;
    execute 'select array_agg(n.id) from (
            select m.id from (
                select c.id, c.name_parts, c.regions from customer.customer c where c.tenant_id = $1 and c.id < $3
                order by c.tenant_id desc, c.id desc limit 12000) as m
            where ' || condition || ' order by m.id desc limit $4) as n'
        into newest using tenant, parts, before, most, places;
    if cardinality(newest) = most then
        return query select unnest(newest);
    else
        -- "is true" keeps the other indexes out of it.
        return query execute
            'select c.id from customer.customer c
             where ' || condition || ' and (c.tenant_id = $1) is true and (c.id < $3) is true
             order by c.id desc limit $4'
            using tenant, parts, before, most, places;
    end if;
end $$;

select platform.scan('customer.by_part', 'int[], int[], uuid, int', 'customer.customer',
    array['tenant_id', 'id', 'name_parts', 'regions']);

-- The customers who have one of these keys, the newest first: as by_part, past row-level security with its condition repeated.
create function customer.by_key(wanted bigint[], before uuid, most int) returns setof uuid
    language plpgsql stable security definer rows 10 set search_path = '' set enable_seqscan = off as $$
begin
    -- "is true" keeps the other indexes out of it.
    return query execute
        'select c.id from customer.customer c
         where c.keys && $1 and (c.tenant_id = $2) is true and (c.id < $3) is true
         order by c.id desc limit $4'
        using wanted, nullif(current_setting('app.tenant', true), '')::uuid, before, most;
end $$;
select platform.scan('customer.by_key', 'bigint[], uuid, int', 'customer.customer',
    array['tenant_id', 'id', 'keys']);
