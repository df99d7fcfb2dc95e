-- Which deliveries have not ended, or have ended since an instant: asked at every look at the reports.
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at)
