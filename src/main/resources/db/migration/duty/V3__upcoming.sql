-- The duties that fall due in a stretch of time, the next first, after the one looked at last.
create function duty.upcoming(since timestamptz, until timestamptz, after_due timestamptz, after_id uuid, most int)
    returns table (tenant_id uuid, contract_id uuid, id uuid, due_at timestamptz)
    language sql stable security definer set search_path = '' as $$
    select d.tenant_id, d.contract_id, d.id, d.due_at from duty.duty d
    where d.due_at > since and d.due_at <= until and (d.due_at, d.id) > (after_due, after_id)
    order by d.due_at, d.id limit most
$$;
select platform.scan('duty.upcoming', 'timestamptz, timestamptz, timestamptz, uuid, int', 'duty.duty',
    array['tenant_id', 'contract_id', 'id', 'due_at']);
