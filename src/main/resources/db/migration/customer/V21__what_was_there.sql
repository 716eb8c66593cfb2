-- Of what sort contacts were that are gone, and which tags, with how long they were there: what is learned from a day must see
-- that day as it was, and not with what was taken away since. Nothing of what a contact said is kept.

create table customer.contact_past (
    tenant_id   uuid not null,
    id          uuid not null,
    customer_id uuid not null,
    kind        text not null check (kind in ('PHONE', 'EMAIL', 'WECHAT', 'ADDRESS', 'ID_NUMBER')),
    since       timestamptz not null,
    until       timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customer.customer (tenant_id, id) on delete cascade,
    check (since <= until)
);
create index contact_past_by_customer on customer.contact_past (tenant_id, customer_id);
select platform.guard('customer.contact_past');

create table customer.tag_past (
    tenant_id   uuid not null,
    id          uuid not null,
    customer_id uuid not null,
    tag         text not null,
    since       date not null,
    until       date not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customer.customer (tenant_id, id) on delete cascade,
    check (since <= until)
);
create index tag_past_by_customer on customer.tag_past (tenant_id, customer_id);
select platform.guard('customer.tag_past');
