-- As in V19; with the newest first whatever plan is made.
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
        -- One number after the other, as they are ordered: a join of its own choice may begin with the oldest, and those
        -- between would never come.
        cross join lateral (
            select x.id from customer.customer x
            where x.tenant_id = tenant and x.id = customer.in_run(run.id, n.number)
            and x.paged and x.name_parts @> parts and x.regions @> places and x.id < before
            offset 0) as c
        limit most;
end $$;
