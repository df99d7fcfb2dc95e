"""Yinxin's engine: a mobile-certificate platform in pure Python.

Read `ls engine`: the mechanisms (`kernel pki ses pdf`), the stages of the business in their order
(`policies staffing messaging reviewing scanning registration mall ordering issuing binding sealing
signing invoicing`), what stands around them (`handset providers reports http`), and the two places
where they are joined and driven (`boot`, `worker`).
"""
