-- Where a fact lies, and what it belongs to: before the log is told, whose events are filtered by it.
-- `arrived` are the rows that changed (`fact`, `id`); all of them, when a copy is made anew.

UPDATE refund_fact SET order_id = p.order_id
FROM payment_fact p
WHERE p.id = refund_fact.payment_id
    AND refund_fact.id IN (SELECT id FROM arrived WHERE fact = 'refund_fact');

UPDATE order_fact SET region = coalesce(e.region, '')
FROM (SELECT id FROM arrived WHERE fact = 'order_fact') a
JOIN order_fact o ON o.id = a.id
LEFT JOIN enterprise_fact e ON e.id = o.enterprise_id
WHERE order_fact.id = a.id AND order_fact.region IS NULL;

UPDATE invoice_fact SET region = coalesce(e.region, '')
FROM (SELECT id FROM arrived WHERE fact = 'invoice_fact') a
JOIN invoice_fact i ON i.id = a.id
LEFT JOIN enterprise_fact e ON e.id = i.enterprise_id
WHERE invoice_fact.id = a.id AND invoice_fact.region IS NULL;
