// Asking for a one-time code at the PC, with the short computation that a second request in an hour takes.

const CHALLENGE = "registration.challenge_needed";
const AT_ONCE = 64;

const bytesOf = async (text) => new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

/** Whether a digest begins with so many zero bits. */
function beginsWithZeros(digest, bits) {
  const whole = bits >> 3;
  for (let at = 0; at < whole; at += 1) if (digest[at]) return false;
  return bits % 8 === 0 || digest[whole] >> (8 - (bits % 8)) === 0;
}

/** The first number whose SHA-256 after the challenge begins with so many zero bits. */
async function solve(challenge, bits) {
  for (let from = 0; ; from += AT_ONCE) {
    const tried = await Promise.all(Array.from({ length: AT_ONCE }, (_none, at) => bytesOf(`${challenge}.${from + at}`)));
    const at = tried.findIndex((digest) => beginsWithZeros(digest, bits));
    if (at >= 0) return String(from + at);
  }
}

/** Ask for a code; the work is done where it is asked for. */
export async function requestCode(door, given) {
  try {
    return await door.act("registration.request_code", given);
  } catch (refusal) {
    if (refusal.code !== CHALLENGE) throw refusal;
    const work = await solve(refusal.params.challenge, Number(refusal.params.bits));
    return door.act("registration.request_code", { ...given, proof_of_work: work });
  }
}
