async (v) => {
  const split = await import("/apps/handset/keys/split.js");
  const n = await import("/apps/handset/keys/numbers.js");
  const m = await import("/apps/handset/keys/messages.js");
  const number = (hex) => BigInt(`0x${hex}`);
  const share = number(v.phone_share_hex);
  const material = n.toBytes(number(v.n1_hex), 256);
  const made = { half: n.base64(await split.half(share, material, n.ofBase64(v.message_base64))) };
  made.blobs = [];
  for (const one of v.blobs) {
    const cost = { memory_kib: one.memory_kib, passes: one.passes };
    const hidden = await split.hidden(share, one.pin, cost, 280, n.ofHex(one.salt_hex));
    made.blobs.push(n.hex(hidden.sealed));
    const wrong = await split.shown(hidden, v.wrong_pin);
    made.other = wrong !== share && wrong < 1n << 2240n;
    made.same = (await split.shown(hidden, one.pin)) === share;
  }
  made.refreshes = v.refreshes.map((one) => n.hex(split.renewed(share, number(one.new_share_hex)).refresh));
  const drawn = (size) => (size === 280 ? n.ofHex(v.phone_share_hex) : n.random(size));
  const key = split.divided(number(v.p1_hex), number(v.q1_hex), drawn);
  const lambda = number(v.lambda_hex);
  made.divided = n.hex(key.material) === v.n1_hex && ((n.toNumber(key.serverShare) + share - number(v.d1_hex)) % lambda) === 0n;
  const a = v.messages;
  made.messages = {
    request: n.base64(m.ofRequest(a.request.order_id, a.request.scheme, n.ofBase64(a.request.key_base64))),
    try: n.base64(m.ofTry(a.try.certificate_id, n.ofHex(a.try.nonce_hex))),
    activation: n.base64(m.ofActivation(a.activation.certificate_id, n.ofHex(a.activation.certificate_digest_hex))),
    pin_change: n.base64(m.ofPinChange(a.pin_change.certificate_id, a.pin_change.try_id)),
    ticket: n.base64(m.ofTicket({ ...a.ticket, id: a.ticket.ticket_id, nonce_hash: n.base64(n.ofHex(a.ticket.nonce_hash_hex)) })),
  };
  return made;
}
