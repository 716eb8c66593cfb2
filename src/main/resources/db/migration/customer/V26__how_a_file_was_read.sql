-- The company somebody of a list belongs to is known by its name.
create index customer_company_by_name on customer.customer (tenant_id, name_index) where kind = 'COMPANY';

-- The row the headings stand in: above them there may be a title.
alter table customer.batch add column heading_row int not null default 1 check (heading_row between 0 and 1000);
update customer.batch set heading_row = 0 where not has_header;
alter table customer.batch drop column has_header;

alter table customer.batch
    -- What whoever assigns the columns should know: lines in another encoding, sheets that were not read.
    add column other_charset text,
    add column other_lines bigint not null default 0,
    add column first_other bigint not null default 0,
    add column sheet text,
    add column other_sheets text[] not null default '{}',
    -- What the file was called may be somebody's name.
    add column sealed_name bytea,
    -- Of what was sent: the same key with something else is a mistake.
    add column digest bytea;
