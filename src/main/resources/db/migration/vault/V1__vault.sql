-- The keys of personal data, wrapped by a master key that is never in the database, and who looked at what.
create schema vault;
grant usage on schema vault to retainer_rt;

-- Something only the right master key opens, so that a wrong one is noticed before anything is sealed with it.
create table vault.master (
    id          boolean primary key default true check (id),
    check_value bytea not null,
    since       timestamptz not null
);
grant select, insert, update on vault.master to retainer_rt;

create table vault.client_key (
    tenant_id   uuid primary key,
    -- Another one after every change, so that whoever kept the keys in memory notices.
    generation  uuid not null,
    -- A Tink keyset of AES-256-GCM keys, encrypted by the master key and bound to the tenant.
    data_keys   bytea,
    -- The root of the blind-index keys, encrypted likewise.
    index_root  bytea,
    made_at     timestamptz not null,
    -- Since when the present key seals.
    promoted_at timestamptz not null,
    -- While values are sealed anew: where that has got to.
    changing    boolean not null default false,
    swept_table text,
    swept_row   uuid,
    erased_at   timestamptz,
    check ((erased_at is null) = (data_keys is not null)),
    check ((data_keys is null) = (index_root is null)),
    check (changing or (swept_table is null and swept_row is null))
);
select platform.guard('vault.client_key');

-- The clients that have keys, for the upkeep of them.
create function vault.clients(after uuid, most int)
    returns table (tenant_id uuid, promoted_at timestamptz, changing boolean)
    language sql stable security definer set search_path = '' as $$
    select k.tenant_id, k.promoted_at, k.changing from vault.client_key k
    where k.tenant_id > after and k.erased_at is null order by k.tenant_id limit most
$$;
select platform.scan('vault.clients', 'uuid, int', 'vault.client_key',
    array['tenant_id', 'promoted_at', 'changing', 'erased_at']);

-- Whoever seals holds the shared lock until the end of the transaction, whoever changes the keys the exclusive one: so
-- nothing is ever sealed with a key that a change has already left behind. The generation is read after the lock is held.
create function vault.hold(tenant uuid, exclusively boolean) returns uuid
    language plpgsql set search_path = '' as $$
declare
    key bigint := hashtextextended('vault.client_key ' || tenant::text, 0);
begin
    if exclusively then
        perform pg_advisory_xact_lock(key);
    else
        perform pg_advisory_xact_lock_shared(key);
    end if;
    return (select k.generation from vault.client_key k where k.tenant_id = tenant);
end $$;
revoke all on function vault.hold(uuid, boolean) from public;
grant execute on function vault.hold(uuid, boolean) to retainer_rt;

-- Each time somebody saw a value in the clear. Shown to the client; the ledger holds one fact for each.
create table vault.reveal (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    actor       uuid not null,
    party       text not null check (party in ('CLIENT', 'PROVIDER', 'THIRD_PARTY')),
    -- Whose data, and which column of which row.
    subject_id  uuid not null,
    field       text not null check (length(field) between 3 and 200),
    row_id      uuid not null,
    purpose     text not null check (purpose in
        ('SERVICE', 'COMPLAINT', 'RETURN_VISIT', 'SUBJECT_REQUEST', 'CORRECTION', 'DISPUTE', 'INCIDENT')),
    -- Written by people, so it is personal data itself: sealed.
    reason      bytea not null,
    happened_at timestamptz not null,
    primary key (tenant_id, id)
);
create index reveal_by_actor on vault.reveal (tenant_id, actor, happened_at);
create index reveal_by_subject on vault.reveal (tenant_id, subject_id, id);
select platform.guard('vault.reveal', 'insert only');
-- A change of keys seals the reasons anew; nothing else of a reveal can be rewritten.
grant update (reason) on vault.reveal to retainer_rt;
