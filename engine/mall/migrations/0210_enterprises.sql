-- An enterprise's accounts, on every platform and closed ones too, are read with its record.
CREATE INDEX mall_account_of ON mall_account (enterprise_id)
