// Links inside the mall, and words that several screens share.
import { html, useContext } from "../vendor/htm-preact.js";
import { AppContext } from "../common/hooks.js";
import { _ } from "../common/texts.js";

/** The mall around a screen: `{door, seq, toast, place, platformId, platform, account, who, at, go, frame}`. */
export const useMall = () => useContext(AppContext);

/** Where the reader's choice of language is kept, for every platform's page. */
export const LANGUAGE = "yx-mall-language";

/** A link that moves inside the mall. */
export function Go({ to, query, children, ...more }) {
  const { go, frame } = useMall();
  const move = (event) => {
    event.preventDefault();
    go(to, query);
  };
  return html`<a href=${frame ? "#" : `#${to}`} onClick=${move} ...${more}>${children}</a>`;
}

/** Which side of a trade an account stands on. */
export const sideOf = (role) => (role === "purchaser" ? _("Purchaser") : _("Supplier"));

/** The name of the user centre: a supplier's is called the personal centre too. */
export const userCentre = (account) =>
  account.role === "supplier" ? _("User centre (personal centre)") : _("User centre");

/** The entry to binding: a purchaser's in the side bar, a supplier's a button, each by its own name. */
export const bindLabel = (account) => (account.role === "supplier" ? _("Scan to bind") : _("Bind by scan"));
