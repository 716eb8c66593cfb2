-- Other work the client asks for (I-1.1*(7)): one row an order, and everything that happened to it.
create schema workorder;
grant usage on schema workorder to retainer_rt;

create table workorder.series (
    tenant_id   uuid not null,
    contract_id uuid not null,
    last_number int not null check (last_number > 0),
    primary key (tenant_id, contract_id)
);
select platform.guard('workorder.series');

create table workorder.work_order (
    tenant_id        uuid not null,
    id               uuid not null,
    contract_id      uuid not null,
    contract_version int not null check (contract_version > 0),
    number           int not null check (number > 0),
    clause           text not null check (clause ~ '^I-1\.1\*\([1-7]\)$'),
    title            text not null check (length(title) between 1 and 200),
    details          text not null check (length(details) between 1 and 10000),
    urgent           boolean not null,
    state            text not null check (state in ('RECORDED', 'REQUESTED', 'CHANGE', 'QUOTED', 'APPROVED', 'IN_PROGRESS',
        'DELIVERED', 'REWORK', 'ESCALATED', 'ACCEPTED', 'DEEMED_ACCEPTED', 'CLOSED', 'REFUSED', 'CANCELLING',
        'WORK_STATED', 'CANCELLED')),
    requested_by     uuid,
    requested_at     timestamptz not null,
    minutes          int check (minutes > 0),
    ready_on         date,
    quotes           int not null check (quotes >= 0),
    net_fen          bigint check (net_fen >= 0),
    tax_fen          bigint check (tax_fen >= 0),
    gross_fen        bigint check (gross_fen > 0),
    placement        text check (placement in ('NEXT_INSTALMENT', 'OWN')),
    pay_workdays     int check (pay_workdays between 1 and 60),
    deliveries       int not null check (deliveries >= 0),
    rejections       int not null check (rejections between 0 and deliveries),
    remind_at        timestamptz,
    silent_at        timestamptz,
    reminded         boolean not null,
    owed_net_fen     bigint check (owed_net_fen >= 0),
    owed_tax_fen     bigint check (owed_tax_fen >= 0),
    owed_gross_fen   bigint check (owed_gross_fen >= 0),
    charge_id        uuid,
    -- When silence has something to say.
    look_at          timestamptz,
    changed_at       timestamptz not null,
    version          int not null,
    primary key (tenant_id, id),
    unique (tenant_id, contract_id, number),
    check (net_fen + tax_fen = gross_fen and (gross_fen is null) = (placement is null)
        and (gross_fen is null) = (net_fen is null) and (gross_fen is null) = (tax_fen is null)),
    check (owed_net_fen + owed_tax_fen = owed_gross_fen),
    check (charge_id is null or owed_gross_fen > 0),
    check (look_at is null or state = 'DELIVERED')
);
create index work_order_of_contract on workorder.work_order (tenant_id, contract_id, number desc);
create index work_order_due on workorder.work_order (look_at, id) where look_at is not null;
select platform.guard('workorder.work_order');

-- What happened, in order; never rewritten.
create table workorder.entry (
    tenant_id   uuid not null,
    order_id    uuid not null,
    position    int not null check (position > 0),
    kind        text not null check (kind ~ '^[A-Z][A-Za-z]+$'),
    actor       uuid,
    party       text check (party in ('CLIENT', 'PROVIDER')),
    words       text check (length(words) between 1 and 10000),
    code        text check (length(code) between 1 and 40),
    round       int,
    minutes     int,
    day         date,
    amount_fen  bigint,
    happened_at timestamptz not null,
    recorded_at timestamptz not null,
    primary key (tenant_id, order_id, position),
    foreign key (tenant_id, order_id) references workorder.work_order (tenant_id, id)
);
select platform.guard('workorder.entry', 'insert only');

-- The lines of each quote; what a quote said stays readable after the next.
create table workorder.quote_line (
    tenant_id    uuid not null,
    order_id     uuid not null,
    round        int not null check (round > 0),
    position     int not null check (position > 0),
    words        text not null check (length(words) between 1 and 300),
    quantity     numeric(12, 3) not null check (quantity > 0),
    unit_fen     bigint not null check (unit_fen >= 0),
    rate_percent numeric(5, 2) not null check (rate_percent between 0 and 100),
    net_fen      bigint not null,
    tax_fen      bigint not null,
    gross_fen    bigint not null,
    primary key (tenant_id, order_id, round, position),
    foreign key (tenant_id, order_id) references workorder.work_order (tenant_id, id),
    check (net_fen + tax_fen = gross_fen)
);
select platform.guard('workorder.quote_line', 'insert only');

-- Files of requests, deliveries and rejections, sealed: a deliverable may well hold customers' data.
create table workorder.attachment (
    tenant_id uuid not null,
    id        uuid not null,
    order_id  uuid not null,
    -- The entry it came with.
    position  int not null,
    name      text not null check (length(name) between 1 and 150),
    kind      text not null check (kind in ('PDF', 'PNG', 'JPEG', 'DOCX', 'XLSX', 'PPTX', 'TEXT')),
    bytes     int not null check (bytes > 0),
    sha256    text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    content   bytea not null,
    added_at  timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, order_id, position) references workorder.entry (tenant_id, order_id, position)
);
create index attachment_of_order on workorder.attachment (tenant_id, order_id, id);
alter table workorder.attachment alter column content set storage external;
select platform.guard('workorder.attachment', 'insert only');
grant update (content) on workorder.attachment to retainer_rt;

-- Orders about which silence has something to say, the oldest first.
create function workorder.due(now timestamptz, most int)
    returns table (tenant_id uuid, id uuid)
    language sql stable security definer set search_path = '' as $$
    select o.tenant_id, o.id from workorder.work_order o where o.look_at <= now order by o.look_at, o.id limit most
$$;
select platform.scan('workorder.due', 'timestamptz, int', 'workorder.work_order', array['tenant_id', 'id', 'look_at']);
