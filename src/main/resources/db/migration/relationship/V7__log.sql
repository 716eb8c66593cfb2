-- The log of calls and visits under a contract, the latest first.
create index touch_by_time on relationship.touch (tenant_id, contract_id, happened_at desc, id desc)
    where kind in ('CALL', 'VISIT');
