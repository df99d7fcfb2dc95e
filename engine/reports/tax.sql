-- title.en: Tax by rate
-- title.zh: 各税率税额
-- question.en: How much tax was invoiced, at which rate and for what, red letters taken off?
-- question.zh: 各税率、各项目开出多少金额和税额，扣除红字后是多少？
-- unit.en: yuan; invoice lines
-- unit.zh: 元；行
-- parameters: from_ms, to_ms, platforms, agencies, regions, kinds, by, levels
-- definition.en: A line counts in the period (Shanghai) in which its invoice was issued; lines of red-letter invoices count in the period of the red letter and are negative. Net, tax and total are the sums of what stands on the lines, so that they equal what the tax service was told.
-- definition.zh: 发票行按开具所在时段（上海时间）计；红字发票的行按红字开具时段计，为负数。金额、税额、价税合计为票面各行之和，与报送税务平台的一致。
-- terms: invoiced, red_letter
-- by: month, day, week, quarter, year, all
-- levels: rate, tax_item, invoice_kind, platform, agency, region, kind
-- shown: rate
-- keys: period, rate, tax_item, invoice_kind, platform, agency, region, kind
-- chart: bar, x=period, y=tax_yuan|net_yuan|total_yuan|lines, split=rate
WITH told AS (
    SELECT
        period_start($by, i.issued_at) AS started,
        CASE WHEN asked($levels, 'rate') THEN l.rate::VARCHAR END AS rate,
        CASE WHEN asked($levels, 'tax_item') THEN l.tax_item END AS tax_item,
        CASE WHEN asked($levels, 'invoice_kind') THEN i.kind END AS invoice_kind,
        CASE WHEN asked($levels, 'platform') THEN coalesce(i.platform_id, '') END AS platform,
        CASE WHEN asked($levels, 'agency') THEN coalesce(i.agency_id, '') END AS agency,
        CASE WHEN asked($levels, 'region') THEN coalesce(i.region, '') END AS region,
        CASE WHEN asked($levels, 'kind') THEN coalesce(i.order_kind, '') END AS kind,
        i.reverses IS NOT NULL AS red,
        l.net_fen,
        l.tax_fen,
        coalesce(nullif(i.number, ''), i.id) AS number,
        i.issued_at
    FROM invoice_line_fact l
    JOIN invoice_fact i ON i.id = l.invoice_id
    WHERE i.issued_at >= $from_ms AND i.issued_at < $to_ms
        AND wanted($platforms, i.platform_id) AND wanted($agencies, i.agency_id)
        AND wanted($regions, i.region) AND wanted($kinds, i.order_kind)
), behind AS (
    SELECT
        period_text($by, started) AS period,
        rate,
        tax_item,
        invoice_kind,
        platform,
        agency,
        region,
        kind,
        TRUE AS lines,
        red AS red_lines,
        net_fen,
        tax_fen,
        net_fen + tax_fen AS total_fen,
        CASE WHEN red THEN tax_fen END AS red_tax_fen,
        number AS look_up,
        issued_at AS happened_at
    FROM told
)
/* figures */
SELECT
    period_text($by, started) AS period,
    rate,
    tax_item,
    invoice_kind,
    platform,
    agency,
    region,
    kind,
    count(*) AS lines,
    count(*) FILTER (WHERE red) AS red_lines,
    sum(net_fen)::BIGINT / 100.0 AS net_yuan,
    sum(tax_fen)::BIGINT / 100.0 AS tax_yuan,
    coalesce(sum(tax_fen) FILTER (WHERE red), 0)::BIGINT / 100.0 AS red_tax_yuan,
    sum(net_fen + tax_fen)::BIGINT / 100.0 AS total_yuan
FROM told
GROUP BY started, rate, tax_item, invoice_kind, platform, agency, region, kind
ORDER BY started, rate, tax_item, invoice_kind, platform, agency, region, kind
