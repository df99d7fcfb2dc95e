// Who one is: the way of proof, name, resident ID number, and a bank card where the way asks for it.
import { html } from "../../vendor/htm-preact.js";
import { useAsk } from "../../common/hooks.js";
import { Choice, Field } from "../../common/kit.js";
import { _, both } from "../../common/texts.js";

/** What the ways ask for until the server has told: all of them ask for a face. */
const USUAL = ["name", "resident_id", "face"];

/** The ways in the order of the guide. */
export const ORDER = ["zhongjin", "alipay", "bankcard"];

/** `ways` of the server and the fields of one of them. */
export function useWays() {
  const ways = useAsk("registration.ways");
  return { ways, fieldsOf: (way) => ways.value?.[way]?.fields ?? USUAL };
}

/** Choose a way. */
export function WayChoice({ form }) {
  const { ways } = useWays();
  const known = ways.value ?? {};
  const options = ORDER.filter((way) => way in known).map((way) => [way, both(known[way].label)]);
  return html`<${Choice} label=${_("Way of proof")} value=${form.values.way} options=${options} onChange=${(way) => form.set("way", way)} error=${form.errors.way} />`;
}

/** The fields of the chosen way. `phoneField` is what the phone at the bank is called in the form. */
export function IdentityFields({ form, phoneField = "phone" }) {
  const { fieldsOf } = useWays();
  const fields = fieldsOf(form.values.way);
  return html`<${Field} form=${form} name="name" label=${_("Name")} maxlength="100" autocomplete="name" hint=${_("As on the ID card; the parts of a long name with a dot (·).")} />
    <${Field} form=${form} name="resident_id" label=${_("Resident ID number")} maxlength="18" inputmode="text" />
    ${fields.includes("bank_card") && html`<${BankCard} form=${form} />`}
    ${fields.includes("phone") && html`<${Field} form=${form} name=${phoneField} label=${_("Phone number at the bank")} type="tel" inputmode="numeric" maxlength="13" />`}`;
}

/** The card's number, and whose card it is, told while it is typed. */
function BankCard({ form }) {
  const number = form.values.bank_card.replace(/\s/g, "");
  const bank = useAsk("registration.bank_of", { bank_card: number }, { skip: number.length < 16 });
  const told = bank.value && both(bank.value.bank ?? bank.value.label);
  return html`<${Field} form=${form} name="bank_card" label=${_("Bank card number")} inputmode="numeric" maxlength="23" hint=${told || bank.error?.title} />`;
}
