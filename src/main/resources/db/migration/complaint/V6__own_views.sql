-- Views of the queue over all contracts belong to no contract: they are kept with the organisation of whoever keeps them.
alter table complaint.saved_view
    alter column contract_id drop not null,
    drop constraint saved_view_tenant_id_contract_id_person_id_name_key,
    add unique nulls not distinct (tenant_id, contract_id, person_id, name);
