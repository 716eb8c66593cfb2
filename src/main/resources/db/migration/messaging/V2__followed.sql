-- When a provider is next to be asked what became of a message it took; null where it says so by itself, or nobody can tell.
alter table messaging.message
    add column follow_at timestamptz,
    add check (follow_at is null or state = 'SENT');
create index message_followed on messaging.message (follow_at, id) where follow_at is not null;

create function messaging.followed(now timestamptz, most int)
    returns table (tenant_id uuid, id uuid)
    language sql stable security definer set search_path = '' as $$
    select m.tenant_id, m.id from messaging.message m where m.follow_at <= now order by m.follow_at, m.id limit most
$$;
select platform.scan('messaging.followed', 'timestamptz, int', 'messaging.message',
    array['tenant_id', 'id', 'follow_at']);

-- By which user id somebody who signs in is known in WeCom; of whom a row is missing has said none.
create table messaging.colleague (
    person_id uuid primary key,
    wecom     text not null check (length(wecom) between 1 and 64)
);
grant select, insert, update, delete on messaging.colleague to retainer_rt;

-- What goes to WeCom as well stands in the inbox once.
create or replace function messaging.inbox(person uuid)
    returns table (tenant_id uuid, unread bigint)
    language sql stable security definer set search_path = '' as $$
    select m.tenant_id, count(*) filter (where m.read_at is null) from messaging.message m
    where m.recipient_id = person and m.recipient_kind = 'PERSON' and m.purpose <> 'SECURITY' and m.channel <> 'WECOM'
    group by m.tenant_id
$$;
