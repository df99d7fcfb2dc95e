// When a session lapses: back to where the person was, with what they typed. Somebody else begins with nothing.
const WHOSE = "whose";
const WHERE = "where";
// Where a person is anyway, and what keeps the way through the screens of a phone in a frame.
const TABS = ["home", "messages", "account"];
const LASTING = ["path"];

const key = (place, what) => `yx:${place}:${what}`;

/** The login stands in for a screen: remember which. */
export function rememberScreen({ place, path }) {
  if (path.split("/")[0] !== "login" && !TABS.includes(path)) sessionStorage.setItem(key(place, WHERE), path);
}

/** Who is signed in now; what somebody else typed on this phone is forgotten. */
export async function knowPerson({ place, door }) {
  const { account_id: account } = await door.ask("registration.me");
  const before = sessionStorage.getItem(key(place, WHOSE));
  if (before && before !== account) forgetPerson({ place });
  sessionStorage.setItem(key(place, WHOSE), account);
}

/** The screen to go on with after signing in, told once. */
export function screenBefore({ place }) {
  const path = sessionStorage.getItem(key(place, WHERE)) ?? "";
  sessionStorage.removeItem(key(place, WHERE));
  return path;
}

/** Whoever signs out leaves nothing of what they typed. */
export function forgetPerson({ place }) {
  const begins = key(place, "");
  const kept = Object.keys(sessionStorage).filter((name) => name.startsWith(begins) && !LASTING.includes(name.slice(begins.length)));
  kept.forEach((name) => sessionStorage.removeItem(name));
}
