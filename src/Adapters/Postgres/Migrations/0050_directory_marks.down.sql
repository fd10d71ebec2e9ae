drop index epochs_unsettled;
alter table workers drop column revision;
alter table participants drop column revision, drop column muted;
drop table directory_marks;
