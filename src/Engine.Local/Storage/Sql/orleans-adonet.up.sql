-- The tables that the ADO.NET providers of Orleans expect in PostgreSQL, version 15 or later, and the statements that
-- they look up in OrleansQuery. Names of tables, columns, query keys, parameters and result columns are those of the
-- providers; the statements are ours. The local engine uses the same tables directly.

create table orleansquery (
    querykey varchar(64) primary key,
    querytext varchar(8000) not null
);

create table orleansstorage (
    grainidhash integer not null,
    grainidn0 bigint not null,
    grainidn1 bigint not null,
    graintypehash integer not null,
    graintypestring varchar(512) not null,
    grainidextensionstring varchar(512),
    serviceid varchar(150) not null,
    payloadbinary bytea,
    modifiedon timestamp without time zone not null,
    version integer not null
);

-- Without a unique key two overlapping first writes of one state both succeed and leave two rows.
create unique index orleansstorage_key on orleansstorage
    (grainidhash, graintypehash, grainidn0, grainidn1, graintypestring, grainidextensionstring, serviceid) nulls not distinct;

create table orleansreminderstable (
    serviceid varchar(150) not null,
    grainid varchar(150) not null,
    remindername varchar(150) not null,
    starttime timestamptz(3) not null,
    period bigint not null,
    grainhash integer not null,
    version integer not null,
    primary key (serviceid, grainid, remindername)
);

create table orleansmembershipversiontable (
    deploymentid varchar(150) primary key,
    timestamp timestamptz(3) not null default now(),
    version integer not null default 0
);

create table orleansmembershiptable (
    deploymentid varchar(150) not null references orleansmembershipversiontable,
    address varchar(45) not null,
    port integer not null,
    generation integer not null,
    siloname varchar(150) not null,
    hostname varchar(150) not null,
    status integer not null,
    proxyport integer,
    suspecttimes varchar(8000),
    starttime timestamptz(3) not null,
    iamalivetime timestamptz(3) not null,
    primary key (deploymentid, address, port, generation)
);

insert into orleansquery (querykey, querytext) values
-- Grain state. A write answers with the new version; the old one, or null for a first write, means that it was refused.
('ReadFromStorageKey', $$
    select payloadbinary as PayloadBinary, version as Version
    from orleansstorage
    where grainidhash = @GrainIdHash and graintypehash = @GrainTypeHash and grainidn0 = @GrainIdN0 and grainidn1 = @GrainIdN1
        and graintypestring = @GrainTypeString and grainidextensionstring is not distinct from @GrainIdExtensionString and serviceid = @ServiceId
$$),
('WriteToStorageKey', $$
    with updated as (
        update orleansstorage
        set payloadbinary = @PayloadBinary, modifiedon = now() at time zone 'utc', version = version + 1
        where grainidhash = @GrainIdHash and graintypehash = @GrainTypeHash and grainidn0 = @GrainIdN0 and grainidn1 = @GrainIdN1
            and graintypestring = @GrainTypeString and grainidextensionstring is not distinct from @GrainIdExtensionString and serviceid = @ServiceId
            and version = @GrainStateVersion::integer
        returning version
    ), inserted as (
        insert into orleansstorage
            (grainidhash, graintypehash, grainidn0, grainidn1, graintypestring, grainidextensionstring, serviceid, payloadbinary, modifiedon, version)
        select @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString, @GrainIdExtensionString, @ServiceId, @PayloadBinary,
            now() at time zone 'utc', 1
        where @GrainStateVersion::integer is null
        on conflict do nothing
        returning version
    )
    select coalesce((select version from updated), (select version from inserted), @GrainStateVersion::integer) as NewGrainStateVersion
$$),
('ClearStorageKey', $$
    update orleansstorage
    set payloadbinary = null, modifiedon = now() at time zone 'utc', version = version + 1
    where grainidhash = @GrainIdHash and graintypehash = @GrainTypeHash and grainidn0 = @GrainIdN0 and grainidn1 = @GrainIdN1
        and graintypestring = @GrainTypeString and grainidextensionstring is not distinct from @GrainIdExtensionString and serviceid = @ServiceId
        and version = @GrainStateVersion
    returning version as NewGrainStateVersion
$$),
('DeleteStorageKey', $$
    delete from orleansstorage
    where grainidhash = @GrainIdHash and graintypehash = @GrainTypeHash and grainidn0 = @GrainIdN0 and grainidn1 = @GrainIdN1
        and graintypestring = @GrainTypeString and grainidextensionstring is not distinct from @GrainIdExtensionString and serviceid = @ServiceId
        and version = @GrainStateVersion
    returning version + 1 as NewGrainStateVersion
$$),
-- Reminders.
('UpsertReminderRowKey', $$
    insert into orleansreminderstable as held (serviceid, grainid, remindername, starttime, period, grainhash, version)
    values (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
    on conflict (serviceid, grainid, remindername) do update
    set starttime = excluded.starttime, period = excluded.period, grainhash = excluded.grainhash, version = held.version + 1
    returning version as Version
$$),
('ReadReminderRowsKey', $$
    select grainid as GrainId, remindername as ReminderName, starttime as StartTime, period as Period, version as Version
    from orleansreminderstable
    where serviceid = @ServiceId and grainid = @GrainId
$$),
('ReadReminderRowKey', $$
    select grainid as GrainId, remindername as ReminderName, starttime as StartTime, period as Period, version as Version
    from orleansreminderstable
    where serviceid = @ServiceId and grainid = @GrainId and remindername = @ReminderName
$$),
-- Key 1 is asked when the range of hashes does not wrap around, key 2 when it does.
('ReadRangeRows1Key', $$
    select grainid as GrainId, remindername as ReminderName, starttime as StartTime, period as Period, version as Version
    from orleansreminderstable
    where serviceid = @ServiceId and grainhash > @BeginHash and grainhash <= @EndHash
$$),
('ReadRangeRows2Key', $$
    select grainid as GrainId, remindername as ReminderName, starttime as StartTime, period as Period, version as Version
    from orleansreminderstable
    where serviceid = @ServiceId and (grainhash > @BeginHash or grainhash <= @EndHash)
$$),
('DeleteReminderRowKey', $$
    with gone as (
        delete from orleansreminderstable
        where serviceid = @ServiceId and grainid = @GrainId and remindername = @ReminderName and version = @Version
        returning 1
    )
    select count(*)::integer from gone
$$),
('DeleteReminderRowsKey', $$
    delete from orleansreminderstable where serviceid = @ServiceId
$$),
-- Membership. A change counts only together with the step of the table version, on whose row rivals wait for each other.
('InsertMembershipVersionKey', $$
    with added as (
        insert into orleansmembershipversiontable (deploymentid) values (@DeploymentId) on conflict do nothing returning 1
    )
    select count(*)::integer from added
$$),
('InsertMembershipKey', $$
    with stepped as (
        update orleansmembershipversiontable set timestamp = now(), version = version + 1
        where deploymentid = @DeploymentId and version = @Version
            and not exists (
                select from orleansmembershiptable
                where deploymentid = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
        returning 1
    ), added as (
        insert into orleansmembershiptable
            (deploymentid, address, port, generation, siloname, hostname, status, proxyport, starttime, iamalivetime)
        select @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
        from stepped
        returning 1
    )
    select count(*)::integer from added
$$),
('UpdateMembershipKey', $$
    with stepped as (
        update orleansmembershipversiontable set timestamp = now(), version = version + 1
        where deploymentid = @DeploymentId and version = @Version
            and exists (
                select from orleansmembershiptable
                where deploymentid = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
        returning 1
    ), changed as (
        update orleansmembershiptable set status = @Status, suspecttimes = @SuspectTimes, iamalivetime = @IAmAliveTime
        from stepped
        where deploymentid = @DeploymentId and address = @Address and port = @Port and generation = @Generation
        returning 1
    )
    select count(*)::integer from changed
$$),
('UpdateIAmAlivetimeKey', $$
    update orleansmembershiptable set iamalivetime = @IAmAliveTime
    where deploymentid = @DeploymentId and address = @Address and port = @Port and generation = @Generation
$$),
-- The version comes back even where there is no member yet.
('MembershipReadRowKey', $$
    select v.deploymentid as DeploymentId, m.address as Address, m.port as Port, m.generation as Generation, m.siloname as SiloName,
        m.hostname as HostName, m.status as Status, m.proxyport as ProxyPort, m.suspecttimes as SuspectTimes, m.starttime as StartTime,
        m.iamalivetime as IAmAliveTime, v.version as Version
    from orleansmembershipversiontable v
    left join orleansmembershiptable m
        on m.deploymentid = v.deploymentid and m.address = @Address and m.port = @Port and m.generation = @Generation
    where v.deploymentid = @DeploymentId
$$),
('MembershipReadAllKey', $$
    select v.deploymentid as DeploymentId, m.address as Address, m.port as Port, m.generation as Generation, m.siloname as SiloName,
        m.hostname as HostName, m.status as Status, m.proxyport as ProxyPort, m.suspecttimes as SuspectTimes, m.starttime as StartTime,
        m.iamalivetime as IAmAliveTime, v.version as Version
    from orleansmembershipversiontable v
    left join orleansmembershiptable m on m.deploymentid = v.deploymentid
    where v.deploymentid = @DeploymentId
$$),
('DeleteMembershipTableEntriesKey', $$
    delete from orleansmembershiptable where deploymentid = @DeploymentId;
    delete from orleansmembershipversiontable where deploymentid = @DeploymentId;
$$),
('GatewaysQueryKey', $$
    select address as Address, proxyport as ProxyPort, generation as Generation
    from orleansmembershiptable
    where deploymentid = @DeploymentId and status = @Status and proxyport > 0
$$),
-- Status 3 is Active: members that still count are not defunct, however long they have been silent.
('CleanupDefunctSiloEntriesKey', $$
    delete from orleansmembershiptable
    where deploymentid = @DeploymentId and iamalivetime < @IAmAliveTime and status <> 3
$$);
