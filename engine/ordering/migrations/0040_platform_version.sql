ALTER TABLE certificate_order ADD COLUMN platform_version TEXT
