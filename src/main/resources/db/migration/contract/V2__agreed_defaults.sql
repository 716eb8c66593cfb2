-- Since when a default of the platform binds that both parties confirmed only after they had signed (Civil Code 510):
-- what was judged before stays judged without it.
alter table contract.term add column agreed_at timestamptz
    check (agreed_at is null or (source = 'PLATFORM_DEFAULT' and confirmed_by_client and confirmed_by_provider));
