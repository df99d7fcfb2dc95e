// Which screen a path shows. The names are those of the guide's steps (`data/guide/steps.toml`).
// The modules of a screen come when it is first wanted, those of all others once one stands.

/** A screen whose modules are here when `module` is set; `pick` finds its component in them by the path's id. */
const screen = (fetch, pick) => {
  const one = {
    module: null,
    pick,
    async load() {
      one.module ??= await fetch();
    },
  };
  return one;
};

const OPEN = {
  login: screen(() => import("./screens/login.js"), ({ Login }) => Login),
  forgotten: screen(() => import("./screens/recover.js"), ({ Forgotten }) => Forgotten),
  unfreeze: screen(() => import("./screens/recover.js"), ({ Unfreeze }) => Unfreeze),
  recover: screen(() => import("./screens/recover.js"), ({ Recover }) => Recover),
  misuse: screen(() => import("./screens/security.js"), ({ Misuse }) => Misuse),
  help: screen(() => import("./screens/help.js"), ({ Help }) => Help),
  announcements: screen(() => import("./screens/announcements.js"), ({ Announcements }) => Announcements),
};

const SIGNED_IN = {
  ...OPEN,
  account: screen(() => import("./screens/account.js"), ({ Account }) => Account),
  addresses: screen(() => import("./screens/addresses.js"), ({ Addresses }) => Addresses),
  profile: screen(() => import("./screens/account.js"), ({ Profile }) => Profile),
  apply: screen(() => import("./screens/apply.js"), ({ Apply }) => Apply),
  certificates: screen(() => import("./screens/certificates.js"), ({ Certificate, Certificates }, id) => (id ? Certificate : Certificates)),
  change: screen(() => import("./screens/change.js"), ({ Change }) => Change),
  claim: screen(() => import("./screens/claim.js"), ({ Claim }) => Claim),
  claims: screen(() => import("./screens/claim.js"), ({ ClaimDetail }) => ClaimDetail),
  closing: screen(() => import("./screens/closing.js"), ({ Closing }) => Closing),
  contracts: screen(() => import("./screens/contracts.js"), ({ Contract }) => Contract),
  delegations: screen(() => import("./screens/delegations.js"), ({ Delegations }) => Delegations),
  download: screen(() => import("./screens/automatic.js"), ({ DownloadOrder }) => DownloadOrder),
  enterprise: screen(() => import("./screens/enterprises.js"), ({ Enterprises }) => Enterprises),
  enterprises: screen(() => import("./screens/enterprises.js"), ({ Enterprise }) => Enterprise),
  home: screen(() => import("./screens/home.js"), ({ Home }) => Home),
  invitations: screen(() => import("./screens/members.js"), ({ Invitations }) => Invitations),
  invoices: screen(() => import("./screens/invoices.js"), ({ Invoices }) => Invoices),
  join: screen(() => import("./screens/enterprises.js"), ({ Join }) => Join),
  members: screen(() => import("./screens/members.js"), ({ Members }) => Members),
  messages: screen(() => import("./screens/messages.js"), ({ Messages }) => Messages),
  mydata: screen(() => import("./screens/mydata.js"), ({ MyData }) => MyData),
  number: screen(() => import("./screens/security.js"), ({ ChangeNumber }) => ChangeNumber),
  onboard: screen(() => import("./screens/onboard.js"), ({ Onboard }) => Onboard),
  orders: screen(() => import("./screens/orders.js"), ({ Order, Orders }, id) => (id ? Order : Orders)),
  password: screen(() => import("./screens/security.js"), ({ Password }) => Password),
  payments: screen(() => import("./screens/payments.js"), ({ Payments }) => Payments),
  pin: screen(() => import("./screens/pin.js"), ({ Pin }) => Pin),
  "real-name": screen(() => import("./screens/realname.js"), ({ RealName }) => RealName),
  receipts: screen(() => import("./screens/receipts.js"), ({ Receipts }) => Receipts),
  scan: screen(() => import("./screens/scan.js"), ({ Scan }) => Scan),
  "seal-application": screen(() => import("./screens/seal_application.js"), ({ SealApplication }) => SealApplication),
  "seal-change": screen(() => import("./screens/seal_change.js"), ({ SealChange }) => SealChange),
  "seal-data": screen(() => import("./screens/seal_data.js"), ({ SealData }) => SealData),
  "seal-delegation": screen(() => import("./screens/seal_delegation.js"), ({ SealDelegation }) => SealDelegation),
  "seal-form": screen(() => import("./screens/seal_form.js"), ({ SealForm }) => SealForm),
  "seal-new": screen(() => import("./screens/seal_new.js"), ({ SealNew }) => SealNew),
  "seal-pad": screen(() => import("./screens/seal_pad.js"), ({ SealPad }) => SealPad),
  "seal-uses": screen(() => import("./screens/seal_uses.js"), ({ SealUses }) => SealUses),
  seals: screen(
    () => Promise.all([import("./screens/seal.js"), import("./screens/seals.js")]),
    ([{ Seal }, { Seals }], id) => (id.startsWith("sea_") ? Seal : Seals),
  ),
  security: screen(() => import("./screens/security.js"), ({ Security }) => Security),
  services: screen(() => import("./screens/services.js"), ({ Services }) => Services),
  ticket: screen(() => import("./screens/ticket.js"), ({ Ticket }) => Ticket),
  titles: screen(() => import("./screens/titles.js"), ({ Titles }) => Titles),
  zones: screen(() => import("./screens/zones.js"), ({ Zones }) => Zones),
};
// A guest who follows a link signs in first; who is signed in has no business at the login.
const NOT_SIGNED_IN = ["login"];

/** `[screen, {id, more}]` of a path such as `orders/ord_1`. */
export function screenFor(path, signedIn) {
  const [name, id, more] = path.replace(/^\//, "").split("/");
  const table = signedIn ? SIGNED_IN : OPEN;
  const shown = signedIn && NOT_SIGNED_IN.includes(name) ? "home" : name;
  const found = Object.hasOwn(table, shown) ? table[shown] : signedIn ? SIGNED_IN.home : OPEN.login;
  return [found, { id: id ? decodeURIComponent(id) : "", more: more ?? "" }];
}

let fetching = false;

/** The modules of all screens, one after another, so that no way through the phone waits for the network. */
export async function fetchOthers() {
  if (fetching || navigator.connection?.saveData) return;
  fetching = true;
  for (const one of Object.values(SIGNED_IN)) await one.load().catch(() => {});
}
