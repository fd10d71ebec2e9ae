-- Takes back orleans-adonet.up.sql, and with it all grain state and reminders.
drop table orleansmembershiptable;
drop table orleansmembershipversiontable;
drop table orleansreminderstable;
drop table orleansstorage;
drop table orleansquery;
