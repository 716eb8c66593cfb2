-- When two customers become one, the relation of the second rests under the first, and comes back if they part again.
alter table relationship.relation add column id uuid not null default gen_random_uuid();
alter table relationship.relation add column merged_into uuid;
-- Who held it when it came to rest, and whether that agent got the customer it rests under.
alter table relationship.relation add column merged_agent uuid;
alter table relationship.relation add column gave_agent boolean not null default false;
alter table relationship.relation add constraint relation_rests
    check (merged_into is null and merged_agent is null or merged_into is not null and agent_id is null);
create unique index relation_by_id on relationship.relation (tenant_id, id);
create index relation_of_customer on relationship.relation (tenant_id, customer_id);

alter table relationship.touch drop constraint touch_kind_check;
alter table relationship.touch add constraint touch_kind_check check (kind in ('NOTE', 'CALL', 'VISIT', 'BEGUN', 'PICKED',
    'RELEASED', 'RECYCLED', 'HANDED_OVER', 'TIER_SET', 'MERGED', 'PARTED'));
