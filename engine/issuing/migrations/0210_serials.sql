-- A certificate is looked up by its serial number, whichever agency issued it.
CREATE INDEX certificate_serial ON certificate (serial_hex)
