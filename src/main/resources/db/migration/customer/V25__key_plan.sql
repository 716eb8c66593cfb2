-- As in V19. Asked for each complaint that comes in and each case that is opened: one plan for all of them, made once a
-- connection.
create or replace function customer.by_key(wanted bigint[], before uuid, most int) returns setof uuid
    language plpgsql stable security definer rows 10 set search_path = ''
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
    set plan_cache_mode = force_generic_plan as $$
declare
    tenant constant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
begin
    -- "is true" keeps the other indexes out of it.
    return query select n.id from (
            select c.id from customer.customer c
            where c.keys && wanted and not c.paged and (c.tenant_id = tenant) is true and (c.id < before) is true
            union
            select c.id from unnest(wanted) as w (key)
            join customer.key_page p on p.tenant_id = tenant and p.bucket = (w.key & 255)::smallint
            cross join lateral unnest(array_positions(p.keys, ((w.key << 32) >> 32)::int)) as at (place)
            join customer.customer c on c.tenant_id = tenant and c.id = customer.in_run(p.run_id, p.numbers[at.place])
            where c.keys && wanted and c.paged and (c.id < before) is true) as n
         order by n.id desc limit most;
end $$;
