// That trouble of outside parties is rehearsed: a banner over every screen of a demo world's apps.
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { shortMoment } from "./format.js";
import { _, both } from "./texts.js";

const EVERY_MS = 5_000;
const SAYS = {
  slow: (party) => _("{party} is slow", { party }),
  down: (party) => _("{party} is down", { party }),
  lying: (party) => _("{party} lies", { party }),
  doubled: (party) => _("{party} is asked twice", { party }),
};

/** What is rehearsed in the world of `door`, asked again now and then; nothing where there never is any. */
function useTrouble(door) {
  const [trouble, setTrouble] = useState([]);
  useEffect(() => {
    const place = door.base.replace(/^(.*\/w\/[^/]+).*$/, "$1/trouble");
    let timer = 0;
    const look = async () => {
      const answer = document.hidden ? null : await fetch(place, { credentials: "same-origin" }).catch(() => null);
      if (answer?.status === 404) return;
      if (answer?.ok) setTrouble((await answer.json()).trouble);
      timer = setTimeout(look, EVERY_MS);
    };
    look();
    return () => clearTimeout(timer);
  }, [door]);
  return trouble;
}

/** The banner. */
export function Trouble({ door }) {
  const trouble = useTrouble(door);
  if (!trouble.length) return null;
  const told = trouble.map((one) =>
    _("{trouble} until {time}", { trouble: SAYS[one.kind](both(one.party)), time: shortMoment(one.until) }));
  return html`<div class="trouble" role="status"><b>${_("Rehearsed trouble")}</b> ${told.join(" · ")}</div>`;
}
