// A way that goes over a fresh proof of the real name leads back to what asked for it.
const key = (place) => `yx:${place}:after-real-name`;

/** Go and prove the real name; afterwards the person is at `path` again. */
export function proveFor({ place, go }, path) {
  sessionStorage.setItem(key(place), path);
  go("real-name/ways");
}

/** Where the proof leads back to, or nothing. */
export const returnOf = ({ place }) => sessionStorage.getItem(key(place)) ?? "";

/** It was gone back to. */
export const forgetReturn = ({ place }) => sessionStorage.removeItem(key(place));
