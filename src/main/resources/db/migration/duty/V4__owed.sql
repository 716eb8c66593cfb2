-- The home page asks what is owed of all contracts of a person; what is settled outnumbers it more every year.
create index duty_owed on duty.duty (tenant_id, contract_id, clause) where state in ('RUNNING', 'PAUSED', 'BREACHED');
