// Everything that is kept of a person, shown and to be taken along.
import { html, useState } from "../../vendor/htm-preact.js";
import { moment, saveAs } from "../../common/format.js";
import { useApp, useDeed } from "../../common/hooks.js";
import { Button, Card, Fact } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { Screen } from "../layout.js";

/** 我的数据: asked for by the person, never by itself. */
export function MyData() {
  const { door } = useApp();
  const [data, setData] = useState(null);
  const [busy, deed] = useDeed();
  const show = () => deed(async () => setData(await withFactor(door, "registration.my_data")));
  const save = () => {
    const bytes = new TextEncoder().encode(JSON.stringify(data, null, 2));
    saveAs("my-data.json", btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")), "application/json");
  };
  return html`<${Screen} title=${_("My data")} foot=${data ? html`<${Button} kind="primary" onClick=${save}>${_("Save as a file")}<//>` : html`<${Button} kind="primary" busy=${busy} onClick=${show}>${_("Show my data")}<//>`}>
    ${!data && html`<p class="lead">${_("All that is kept of you: account, proofs, enterprises, orders, messages. Only you can see it here.")}</p>`}
    ${data && html`<p class="hint">${_("As of {time}", { time: moment(data.taken_at) })}</p>${Object.entries(data.sections).map(([name, rows]) => html`<${Card} key=${name} title=${_("{name} · {count}", { name: ofCode(name.replace(/_/g, " ")), count: rows.length })}>
      ${rows.slice(0, 3).map((row, at) => html`<dl key=${at} class="data-row">${Object.entries(row).map(([column, value]) => value !== null && html`<${Fact} name=${column.replace(/_/g, " ")}><span class="mono">${String(value)}</span><//>`)}</dl>`)}
      ${rows.length > 3 && html`<p class="hint">${_("{count} more in the file", { count: rows.length - 3 })}</p>`}<//>`)}`}
  <//>`;
}

/** A question may need the second factor too. */
async function withFactor(door, name) {
  try {
    return await door.ask(name);
  } catch (refusal) {
    if (refusal.code !== "kernel.second_factor_needed" || !door.onSecondFactor) throw refusal;
    await door.onSecondFactor();
    return door.ask(name);
  }
}
