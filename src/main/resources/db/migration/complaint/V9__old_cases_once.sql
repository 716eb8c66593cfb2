-- Rows of files of old cases that were taken over, by a blind index of what stands in them: the same row is taken once.
create table complaint.old_case (
    tenant_id    uuid not null,
    contract_id  uuid not null,
    row_index    bigint not null,
    complaint_id uuid not null,
    primary key (tenant_id, contract_id, row_index),
    foreign key (tenant_id, complaint_id) references complaint.complaint (tenant_id, id)
);
select platform.guard('complaint.old_case', 'insert only');
