CREATE INDEX mall_account_by ON mall_account (account_id)
