/** Where the reader is: `#/orders?text=…` in the address of the mall's own page; in a frame, kept for the tab. */
import { useCallback, useEffect, useState } from "../vendor/htm-preact.js";

const read = (text) => {
  const [path, query = ""] = text.replace(/^#/, "").split("?");
  return { path: path || "/", query: Object.fromEntries(new URLSearchParams(query)) };
};

export const write = (path, query = {}) => {
  const given = Object.entries(query).filter(([, value]) => value !== "" && value != null);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
};

/** `[place, go]`: `go("/orders", {page: 2})` moves there; `{replace: true}` leaves no step behind. */
export function usePlace(base, frame) {
  const kept = `yx-mall-place:${base}`;
  const [place, setPlace] = useState(() =>
    read(frame ? sessionStorage.getItem(kept) || "" : location.hash),
  );
  useEffect(() => {
    if (frame) return undefined;
    const moved = () => setPlace(read(location.hash));
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, [frame]);
  const go = useCallback(
    (path, query = {}, { replace = false } = {}) => {
      const address = write(path, query);
      if (frame) sessionStorage.setItem(kept, address);
      else if (replace) history.replaceState(null, "", `#${address}`);
      else if (location.hash !== `#${address}`) history.pushState(null, "", `#${address}`);
      setPlace(read(address));
    },
    [kept, frame],
  );
  return [place, go];
}
