-- How much of a payment's delay an accepted hindrance takes away, in per cent; none recorded is all of it.
alter table billing.act add column relief int;
alter table billing.act add constraint act_relief_check
    check (relief is null or (relief between 1 and 100 and kind = 'FORCE_MAJEURE'));
