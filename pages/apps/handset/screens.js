// Which screen a path shows. The names are those of the guide's steps (`data/guide/steps.toml`).
import { Account, Profile } from "./screens/account.js";
import { Addresses } from "./screens/addresses.js";
import { Announcements } from "./screens/announcements.js";
import { Apply } from "./screens/apply.js";
import { Certificate, Certificates } from "./screens/certificates.js";
import { Change } from "./screens/change.js";
import { Claim, ClaimDetail } from "./screens/claim.js";
import { Closing } from "./screens/closing.js";
import { Contract } from "./screens/contracts.js";
import { Delegations } from "./screens/delegations.js";
import { DownloadOrder } from "./screens/automatic.js";
import { Enterprise, Enterprises, Join } from "./screens/enterprises.js";
import { Help } from "./screens/help.js";
import { Home } from "./screens/home.js";
import { Invitations, Members } from "./screens/members.js";
import { Invoices } from "./screens/invoices.js";
import { Login } from "./screens/login.js";
import { Messages } from "./screens/messages.js";
import { MyData } from "./screens/mydata.js";
import { Onboard } from "./screens/onboard.js";
import { Order, Orders } from "./screens/orders.js";
import { Payments } from "./screens/payments.js";
import { Pin } from "./screens/pin.js";
import { RealName } from "./screens/realname.js";
import { Forgotten, Recover, Unfreeze } from "./screens/recover.js";
import { Scan } from "./screens/scan.js";
import { Seal } from "./screens/seal.js";
import { SealApplication } from "./screens/seal_application.js";
import { SealChange } from "./screens/seal_change.js";
import { SealData } from "./screens/seal_data.js";
import { SealDelegation } from "./screens/seal_delegation.js";
import { SealForm } from "./screens/seal_form.js";
import { SealNew } from "./screens/seal_new.js";
import { SealPad } from "./screens/seal_pad.js";
import { Seals } from "./screens/seals.js";
import { SealUses } from "./screens/seal_uses.js";
import { ChangeNumber, Misuse, Password, Security } from "./screens/security.js";
import { Services } from "./screens/services.js";
import { Ticket } from "./screens/ticket.js";
import { Titles } from "./screens/titles.js";
import { Zones } from "./screens/zones.js";

const OPEN = {
  login: Login,
  forgotten: Forgotten,
  unfreeze: Unfreeze,
  recover: Recover,
  misuse: Misuse,
  help: Help,
  announcements: Announcements,
};

const SIGNED_IN = {
  ...OPEN,
  account: Account,
  addresses: Addresses,
  profile: Profile,
  apply: Apply,
  certificates: (given) => (given.id ? Certificate(given) : Certificates(given)),
  change: Change,
  claim: Claim,
  claims: ClaimDetail,
  closing: Closing,
  contracts: Contract,
  delegations: Delegations,
  download: DownloadOrder,
  enterprise: Enterprises,
  enterprises: Enterprise,
  home: Home,
  invitations: Invitations,
  invoices: Invoices,
  join: Join,
  members: Members,
  messages: Messages,
  mydata: MyData,
  number: ChangeNumber,
  onboard: Onboard,
  orders: (given) => (given.id ? Order(given) : Orders(given)),
  password: Password,
  payments: Payments,
  pin: Pin,
  "real-name": RealName,
  scan: Scan,
  "seal-application": SealApplication,
  "seal-change": SealChange,
  "seal-data": SealData,
  "seal-delegation": SealDelegation,
  "seal-form": SealForm,
  "seal-new": SealNew,
  "seal-pad": SealPad,
  "seal-uses": SealUses,
  seals: (given) => (given.id.startsWith("sea_") ? Seal(given) : Seals(given)),
  security: Security,
  services: Services,
  ticket: Ticket,
  titles: Titles,
  zones: Zones,
};
// A guest who follows a link signs in first; who is signed in has no business at the login.
const NOT_SIGNED_IN = ["login"];

/** `[Component, {id, more}]` of a path such as `orders/ord_1`. */
export function screenFor(path, signedIn) {
  const [name, id, more] = path.replace(/^\//, "").split("/");
  const table = signedIn ? SIGNED_IN : OPEN;
  const shown = signedIn && NOT_SIGNED_IN.includes(name) ? "home" : name;
  const Found = Object.hasOwn(table, shown) ? table[shown] : signedIn ? Home : Login;
  return [Found, { id: id ? decodeURIComponent(id) : "", more: more ?? "" }];
}
