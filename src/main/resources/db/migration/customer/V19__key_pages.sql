-- What the customers of an import are found by is written page by page: an inverted index pays for each of some fourteen
-- entries a customer, a page for some hundred of them at once. A customer who is changed later leaves the pages for the index.

-- Found by the pages of its run; otherwise by the inverted index.
alter table customer.customer add column paged boolean not null default false;

-- Customers stored together: the number of each in its run is the end of its id, the rest of the id is that of the run.
create table customer.key_run (
    tenant_id uuid not null,
    id        uuid not null,
    batch_id  uuid not null,
    primary key (tenant_id, id)
);
create index key_run_by_batch on customer.key_run (tenant_id, batch_id);
select platform.guard('customer.key_run');

-- The keys of a run whose last eight bits are the bucket, shortened to 32 bits, each with the number of a customer who has it.
-- What is found here is looked up in the row of the customer, who may have changed since.
create table customer.key_page (
    tenant_id uuid not null,
    bucket    smallint not null check (bucket between 0 and 255),
    run_id    uuid not null,
    keys      int[] not null,
    numbers   smallint[] not null,
    primary key (tenant_id, bucket, run_id)
);
alter table customer.key_page alter column keys set storage external, alter column numbers set storage external;
select platform.guard('customer.key_page');

-- As they come in, many at once in one parameter.
create type customer.incoming_page as (
    bucket  smallint,
    keys    int[],
    numbers smallint[]
);
-- Tags come in beside the customers, each a row.
alter type customer.incoming drop attribute tags, drop attribute since;

drop index customer.customer_by_keys;
create index customer_by_keys on customer.customer using gin (name_parts, keys, regions) where not paged;
drop index customer.customer_newest;
create index customer_newest on customer.customer (tenant_id, id) include (name_parts, regions) where not paged;

create function customer.leave_pages() returns trigger language plpgsql set search_path = '' as $$
begin
    new.paged := false;
    return new;
end $$;
create trigger leave_pages before update of name_parts, keys, regions on customer.customer for each row
    when (old.paged and (old.name_parts, old.keys, old.regions) is distinct from (new.name_parts, new.keys, new.regions))
    execute function customer.leave_pages();

create function customer.in_run(run uuid, number smallint) returns uuid
    language sql immutable parallel safe set search_path = ''
    return (overlay(run::text placing lpad(to_hex(number::int), 4, '0') from 33))::uuid;

-- The customers who have one of these keys, the newest first: past row-level security with its condition repeated, because
-- operators of arrays are not leakproof.
create or replace function customer.by_key(wanted bigint[], before uuid, most int) returns setof uuid
    language plpgsql stable security definer rows 10 set search_path = ''
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
    tenant constant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
begin
    -- "is true" keeps the other indexes out of it.
    return query execute
        'select n.id from (
            select c.id from customer.customer c
            where c.keys && $1 and not c.paged and (c.tenant_id = $2) is true and (c.id < $3) is true
            union
            select c.id from unnest($1) as w (key)
            join customer.key_page p on p.tenant_id = $2 and p.bucket = (w.key & 255)::smallint
            cross join lateral unnest(array_positions(p.keys, ((w.key << 32) >> 32)::int)) as at (place)
            join customer.customer c on c.tenant_id = $2 and c.id = customer.in_run(p.run_id, p.numbers[at.place])
            where c.keys && $1 and c.paged and (c.id < $3) is true) as n
         order by n.id desc limit $4'
        using wanted, tenant, before, most;
end $$;

-- The customers who have all these parts in their names and places in their addresses, the newest first. What is met often
-- enough among the newest is found there; the rest is rare, and then index and pages bring few.
create or replace function customer.by_part(parts int[], places int[], before uuid, most int) returns setof uuid
    language plpgsql stable security definer rows 50 set search_path = ''
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
    set plan_cache_mode = force_generic_plan as $$
declare
    tenant constant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
    wanted constant int[] := parts || places;
    -- What is not asked for must not be in the question: the index would be read as a whole for it.
    condition constant text := concat_ws(' and ',
        case when cardinality(parts) > 0 then 'name_parts @> $2' end,
        case when cardinality(places) > 0 then 'regions @> $5' end);
    found uuid[];
begin
    if condition = '' then
        return;
    end if;
    execute 'select array_agg(n.id order by n.id desc) from (
            select m.id from (
                select c.id, c.name_parts, c.regions from customer.customer c
                where c.tenant_id = $1 and c.id < $3 and not c.paged
                order by c.tenant_id desc, c.id desc limit 12000) as m
            where ' || condition || ' order by m.id desc limit $4) as n'
        into found using tenant, parts, before, most, places;
    if cardinality(found) = most then
        null;
    else
        -- "is true" keeps the other indexes out of it.
        execute
            'select array_agg(n.id order by n.id desc) from (
                select c.id from customer.customer c
                where ' || condition || ' and not c.paged and (c.tenant_id = $1) is true and (c.id < $3) is true
                order by c.id desc limit $4) as n'
            into found using tenant, parts, before, most, places;
    end if;
    return query select unnest(found);
    -- Run by run, the newest first, as long as it takes: of each those who have the rarest of what is wanted.
    return query
        select c.id
        from (select r.id from customer.key_run r
            where r.tenant_id = tenant and r.id < before
                -- What there is already may be newer than any of it.
                and (cardinality(found) < most or found is null or found[most] < customer.in_run(r.id, 32767::smallint))
            order by r.tenant_id desc, r.id desc) as run
        cross join lateral (
            select e.numbers, e.spots
            from (select p.numbers, array_positions(p.keys, w.key) as spots
                from unnest(wanted) as w (key)
                left join customer.key_page p
                    on p.tenant_id = tenant and p.bucket = (w.key & 255)::smallint and p.run_id = run.id
                -- Worked out once.
                offset 0) as e
            order by cardinality(e.spots) nulls first limit 1) as k
        cross join lateral (select k.numbers[place] as number from unnest(k.spots) as place order by 1 desc) as n
        join customer.customer c on c.tenant_id = tenant and c.id = customer.in_run(run.id, n.number)
        where c.paged and c.name_parts @> parts and c.regions @> places and c.id < before
        limit most;
end $$;

select platform.scan('customer.by_part', 'int[], int[], uuid, int', 'customer.customer', array['paged']);
select platform.scan('customer.by_part', 'int[], int[], uuid, int', 'customer.key_run', array['tenant_id', 'id']);
select platform.scan('customer.by_part', 'int[], int[], uuid, int', 'customer.key_page',
    array['tenant_id', 'bucket', 'run_id', 'keys', 'numbers']);
select platform.scan('customer.by_key', 'bigint[], uuid, int', 'customer.key_page', array['tenant_id']);
grant execute on function customer.in_run(uuid, smallint) to retainer_platform;
