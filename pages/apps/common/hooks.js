// What screens are made with: asking, acting once, and forms that lose nothing.
import { createContext, useCallback, useContext, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { GIVEN_UP } from "./door.js";
import { worldNow } from "./format.js";

/** `{door, seq, toast, place}`: the door, the newest event, how to tell, and the prefix of kept forms. */
export const AppContext = createContext(null);

/** The application around a component. */
export const useApp = () => useContext(AppContext);

/** Ask a question and ask again whenever something happened. `{value, error, loading, reload}`. */
export function useAsk(name, given = {}, { skip = false } = {}) {
  const { door, seq } = useApp();
  const wanted = JSON.stringify([name, given]);
  const [state, setState] = useState({ wanted: "", value: undefined, error: null });
  const [again, setAgain] = useState(0);
  useEffect(() => {
    if (skip) return undefined;
    let alive = true;
    door.ask(name, given).then(
      (value) => alive && setState({ wanted, value, error: null }),
      (error) => alive && setState((last) => ({ wanted, value: last.wanted === wanted ? last.value : undefined, error })),
    );
    return () => {
      alive = false;
    };
  }, [door, wanted, skip, seq, again]);
  const reload = useCallback(() => setAgain((count) => count + 1), []);
  const current = state.wanted === wanted;
  return { value: current ? state.value : undefined, error: current ? state.error : null, loading: !skip && !current, reload };
}

/**
 * Something a person does: `[busy, deed]`. `deed(async (act) => …)` runs unless it is running already;
 * a refusal goes to `refused` (a form's `refuse`) or is told at the foot of the screen.
 */
export function useDeed(refused) {
  const { door, toast } = useApp();
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const alive = useRef(true);
  useEffect(() => () => (alive.current = false), []);
  const deed = async (work) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    try {
      await work(door.act);
    } catch (refusal) {
      if (refusal.code === GIVEN_UP) return;
      if (!refusal.code) console.error(refusal);
      if (refused) refused(refusal);
      else toast(refusal.title || String(refusal.message), "bad");
    } finally {
      running.current = false;
      if (alive.current) setBusy(false);
    }
  };
  return [busy, deed];
}

function kept(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) || "{}");
  } catch {
    return {};
  }
}

/**
 * A form's values, kept in the tab until `done()`. Fields named in `never` (codes, passwords) are not kept.
 * `refuse(refusal)` puts what the server said beside its field, or above the form.
 */
export function useForm(name, blank, { never = [] } = {}) {
  const { place, forms } = useApp();
  const key = `yx:${place}:${name}`;
  const [values, setValues] = useState(() => ({ ...blank, ...kept(key) }));
  const [errors, setErrors] = useState({});
  const newest = useRef(values);
  const fill = (changes) => {
    newest.current = { ...newest.current, ...changes };
    setValues(newest.current);
    setErrors((before) => {
      const left = { ...before, "": undefined };
      for (const field of Object.keys(changes)) delete left[field];
      return left;
    });
    const lasting = Object.entries(newest.current).filter(([field]) => !never.includes(field));
    try {
      sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(lasting)));
    } catch {
      // A full store loses the draft, not the form.
    }
  };
  const form = {
    values,
    errors,
    fill,
    set: (field, value) => fill({ [field]: value }),
    refuse(refusal) {
      const field = refusal.field && refusal.field in newest.current ? refusal.field : "";
      setErrors({ [field]: refusal.title || String(refusal.message) });
    },
    wrong: (field, text) => setErrors({ [field]: text }),
    done() {
      sessionStorage.removeItem(key);
      newest.current = { ...blank };
      setValues(newest.current);
      setErrors({});
    },
  };
  useEffect(() => {
    forms?.add(form);
    return () => forms?.delete(form);
  });
  return form;
}

/** Seconds left until an instant of the server; counts down, stops at 0. */
export function useCountdown(until) {
  const left = () => Math.max(0, Math.ceil(((until || 0) - worldNow()) / 1000));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    setSeconds(left());
    const beat = setInterval(() => setSeconds(left()), 500);
    return () => clearInterval(beat);
  }, [until]);
  return seconds;
}
