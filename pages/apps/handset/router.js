// Where the person is in the app: a stack of paths such as `orders/ord_1`.
import { useEffect, useMemo, useState } from "../vendor/htm-preact.js";

const HOME = "home";

/** In a page of its own the path is the address's fragment, so back and refresh work. */
class AddressRouter {
  constructor(tell) {
    this.tell = tell;
    this.trail = [];
    this.onChange = () => {
      // By the browser's own button too: the way back gets shorter.
      if (this.trail.at(-1) === this.path) this.trail.pop();
      tell(this.path);
    };
    window.addEventListener("hashchange", this.onChange);
  }

  get path() {
    return decodeURIComponent(location.hash.replace(/^#\/?/, "")) || HOME;
  }

  go(path) {
    if (path === this.path) return;
    this.trail.push(this.path);
    location.hash = `#/${path}`;
  }

  replace(path) {
    history.replaceState(null, "", `#/${path}`);
    this.tell(path);
  }

  reset(path) {
    this.trail = [];
    this.replace(path);
  }

  back() {
    if (this.trail.length) history.back();
    else this.replace(HOME);
  }

  /** What was begun here is done: on to `path`, which is one step back where one came from there. */
  done(path) {
    if (this.trail.at(-1) === path) history.back();
    else this.replace(path);
  }

  close() {
    window.removeEventListener("hashchange", this.onChange);
  }
}

/** In a frame the address belongs to the page around: the stack is kept in the tab. */
class FrameRouter {
  constructor(tell, place) {
    this.tell = tell;
    this.key = `yx:${place}:path`;
    try {
      this.stack = JSON.parse(sessionStorage.getItem(this.key)) ?? [HOME];
    } catch {
      this.stack = [HOME];
    }
  }

  get path() {
    return this.stack.at(-1) ?? HOME;
  }

  keep() {
    sessionStorage.setItem(this.key, JSON.stringify(this.stack.slice(-20)));
    this.tell(this.path);
  }

  go(path) {
    if (path === this.path) return;
    this.stack.push(path);
    this.keep();
  }

  replace(path) {
    this.stack.splice(-1, 1, path);
    this.keep();
  }

  reset(path) {
    this.stack = [path];
    this.keep();
  }

  back() {
    if (this.stack.length > 1) this.stack.pop();
    else this.stack = [HOME];
    this.keep();
  }

  done(path) {
    if (this.stack.at(-2) === path) this.back();
    else this.replace(path);
  }

  close() {}
}

/** The router and the present path. */
export function useRouter(place, frame) {
  const [path, setPath] = useState("");
  const router = useMemo(() => (frame ? new FrameRouter(setPath, place) : new AddressRouter(setPath)), [place, frame]);
  useEffect(() => () => router.close(), [router]);
  return [router, path || router.path];
}
