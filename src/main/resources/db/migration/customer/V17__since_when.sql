-- Since when a tag or an own value holds, as far as anybody said: what was not known yet on a day must not be learned from as
-- if it had been.

alter table customer.field_value add column since date;
alter table customer.tag add column since date;

-- The owner is under the policies too, which are for the application. So far values came with their customers only.
alter table customer.customer no force row level security;
alter table customer.field_value no force row level security;
alter table customer.tag no force row level security;
update customer.field_value v set since = cast(c.created_at at time zone 'Asia/Shanghai' as date)
from customer.customer c where c.tenant_id = v.tenant_id and c.id = v.customer_id;
update customer.tag t set since = cast(c.created_at at time zone 'Asia/Shanghai' as date)
from customer.customer c where c.tenant_id = t.tenant_id and c.id = t.customer_id;
alter table customer.customer force row level security;
alter table customer.field_value force row level security;
alter table customer.tag force row level security;

alter table customer.field_value alter column since set not null;
alter table customer.tag alter column since set not null;

-- What own fields said before.
create table customer.field_past (
    tenant_id   uuid not null,
    id          uuid not null,
    customer_id uuid not null,
    field_id    uuid not null,
    plain       text check (length(plain) between 1 and 500),
    sealed      bytea,
    -- From this day, until another value took its place.
    since       date not null,
    until       date not null,
    origin_id   uuid,
    recorded_at timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customer.customer (tenant_id, id) on delete cascade,
    foreign key (tenant_id, field_id) references customer.field (tenant_id, id),
    check ((plain is null) = (sealed is not null)),
    check (since <= until)
);
create index field_past_by_customer on customer.field_past (tenant_id, customer_id, field_id, since);
select platform.guard('customer.field_past');
