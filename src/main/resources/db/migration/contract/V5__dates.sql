-- Contracts in force whose term starts or ends in a stretch of days.
create function contract.dated(since date, until date)
    returns table (tenant_id uuid, contract_id uuid, starts_on date, ends_on date)
    language sql stable security definer set search_path = '' as $$
    select c.tenant_id, c.id, c.starts_on, c.ends_on from contract.contract c
    where c.effective_at is not null and (c.starts_on between since and until or c.ends_on between since and until)
$$;
select platform.scan('contract.dated', 'date, date', 'contract.contract',
    array['tenant_id', 'id', 'effective_at', 'starts_on', 'ends_on']);

-- Who the parties of these contracts are.
create function contract.parties(contracts uuid[])
    returns table (tenant_id uuid, contract_id uuid, organisation uuid, party text)
    language sql stable security definer set search_path = '' as $$
    select c.tenant_id, c.id, c.client_organisation, 'CLIENT' from contract.contract c where c.id = any (contracts)
    union all
    select c.tenant_id, c.id, c.provider_organisation, 'PROVIDER' from contract.contract c where c.id = any (contracts)
$$;
select platform.scan('contract.parties', 'uuid[]', 'contract.contract',
    array['tenant_id', 'id', 'client_organisation', 'provider_organisation']);
create index contract_by_id on contract.contract (id);
