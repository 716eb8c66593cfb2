-- An annex as it shall read from the amendment's day on, whole: parts, rows and cells as those of a version.
create table contract.amendment_annex (
    tenant_id    uuid not null,
    amendment_id uuid not null,
    annex        int not null check (annex between 1 and 5),
    content      text not null check (length(content) <= 2000000),
    primary key (tenant_id, amendment_id, annex),
    foreign key (tenant_id, amendment_id) references contract.amendment
);
select platform.guard('contract.amendment_annex');
