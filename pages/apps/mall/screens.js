// Which screen an address means, and who may see it.
import { Account } from "./account.js";
import { Binding } from "./binding.js";
import { Contract } from "./contract.js";
import { NewContract } from "./contract_new.js";
import { Contracts } from "./contracts.js";
import { Files } from "./files/page.js";
import { Front } from "./front.js";
import { Notice } from "./notice.js";
import { Join } from "./join.js";
import { Order, Orders } from "./orders.js";
import { PlaceOrder } from "./place_order.js";
import { SignIn } from "./sign_in.js";
import { UserCentre } from "./user_centre.js";
import { Workbench } from "./workbench.js";

const OPEN = { "/": Front, "/notice": Notice, "/join": Join, "/sign-in": SignIn };
const CLOSED = {
  "/workbench": Workbench,
  "/user": UserCentre,
  "/binding": Binding,
  "/account": Account,
  "/orders": Orders,
  "/orders/new": PlaceOrder,
  "/contracts": Contracts,
  "/files": Files,
  "/contracts/new": NewContract,
};
// Where a thing's id follows.
const WITH_ID = [["/orders/", Order], ["/contracts/", Contract]];

/** `{Screen, wide}`; a screen behind the sign-in is the sign-in page until somebody is signed in. */
export function screenOf(place, account) {
  const wanted = CLOSED[place.path] ?? WITH_ID.find(([start]) => place.path.startsWith(start))?.[1];
  if (wanted) return account ? { Screen: wanted, wide: false } : { Screen: SignIn, wide: true };
  const Screen = OPEN[place.path] ?? Front;
  if (account && (Screen === Front || Screen === SignIn)) return { Screen: Workbench, wide: false };
  return { Screen, wide: Screen !== Notice };
}
