// Which certificate PINs a phone lets its holder choose (`engine/handset/pins.py`): no PIN leaves it.

export function repeats(pin) {
  for (let size = 1; size <= pin.length / 2; size += 1) {
    if (pin.length % size === 0 && pin === pin.slice(0, size).repeat(pin.length / size)) return true;
  }
  return false;
}

export function runs(pin) {
  const steps = new Set(Array.from(pin).slice(1).map((digit, at) => (Number(digit) - Number(pin[at]) + 10) % 10));
  return steps.size === 1 && (steps.has(1) || steps.has(9));
}

/** Why a PIN is refused: `invalid`, `guessable`, or empty. */
export function refusedBy(pin, rules) {
  if (pin.length !== rules.digits || !/^[0-9]+$/.test(pin)) return "invalid";
  if ((rules.repeats && repeats(pin)) || (rules.runs && runs(pin))) return "invalid";
  return rules.refused.includes(pin) ? "guessable" : "";
}
