// The world's event stream: a number that grows whenever something happened.
import { useEffect, useState } from "../vendor/htm-preact.js";

/** Call `grown` with each new sequence number, at most every 250 ms. What it returns stops listening. */
export function listen(door, grown) {
  const source = new EventSource(`${door.base}/events`, { withCredentials: true });
  let newest = 0;
  let waiting = 0;
  source.onmessage = (message) => {
    newest = Number(message.data) || newest + 1;
    waiting ||= setTimeout(() => {
      waiting = 0;
      grown(newest);
    }, 250);
  };
  return () => {
    clearTimeout(waiting);
    source.close();
  };
}

/** The newest sequence number, for effects that reload what is shown. */
export function useLive(door, on = true) {
  const [seq, setSeq] = useState(0);
  useEffect(() => (on ? listen(door, setSeq) : undefined), [door, on]);
  return seq;
}
