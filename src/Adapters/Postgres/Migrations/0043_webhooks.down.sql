drop view happened;
drop table webhook_deliveries, webhooks;
