-- As what a person stands for the company it belongs to.
alter table customer.customer add column company_role text check (length(company_role) between 1 and 50);

-- What is to be remembered about a customer; what was said at a contact is with the relationship. Sealed unless the writer
-- says that it tells nothing about a person.
create table customer.note (
    tenant_id   uuid not null,
    id          uuid not null,
    customer_id uuid not null,
    plain       text check (length(plain) between 1 and 2000),
    words       bytea,
    written_by  uuid not null,
    written_at  timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customer.customer (tenant_id, id) on delete cascade,
    check ((plain is null) = (words is not null))
);
create index note_by_customer on customer.note (tenant_id, customer_id, id desc);
select platform.guard('customer.note');

-- Files about a customer. The title tells nothing about a person; name and content are sealed.
create table customer.file (
    tenant_id   uuid not null,
    id          uuid not null,
    customer_id uuid not null,
    title       text not null check (length(title) between 1 and 60),
    name        bytea not null,
    type        text not null check (type ~ '^[a-z]+/[a-z0-9.+-]+$'),
    size        int not null check (size > 0),
    content     bytea not null,
    added_by    uuid not null,
    added_at    timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customer.customer (tenant_id, id) on delete cascade
);
alter table customer.file alter column content set storage external;
create index file_by_customer on customer.file (tenant_id, customer_id, id desc);
select platform.guard('customer.file');
