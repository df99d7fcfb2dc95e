// The JSON API's documentation, drawn from /api/openapi.json: nothing comes from anywhere else.
import { Icon } from "../common/icons.js";
import { _, language, onLanguage, speak } from "../common/texts.js";
import { html, render, useEffect, useMemo, useState } from "../vendor/htm-preact.js";
import { Introduction, WAYS, kindOf, listed, stageTitle } from "./reading.js";
import { Operation } from "./operation.js";

const LANGUAGE = "yx-mall-language";

const here = () => decodeURIComponent(location.hash.slice(1));

/** The list of operations that answer the search, by stage. */
function Index({ found, chosen }) {
  const stages = [...new Set(found.map((one) => one.stage))];
  return html`<nav class="index" aria-label=${_("Operations")}>
    ${stages.map((stage) => html`<section key=${stage}><h2>${stageTitle(stage)}</h2><ul>
      ${found.filter((one) => one.stage === stage).map((one) => html`<li key=${one.name}>
        <a href=${`#${one.name}`} aria-current=${one.name === chosen ? "page" : null}>
          <b>${one.summary}</b><code>${one.name}</code></a></li>`)}
    </ul></section>`)}
    ${found.length === 0 && html`<p class="none">${_("No operation matches. Try another word.")}</p>`}
  </nav>`;
}

function Search({ text, onText, way, onWay, count }) {
  return html`<div class="search">
    <label class="box"><${Icon} name="search" size=${20} />
      <input type="search" value=${text} placeholder=${_("Search")}
        aria-label=${_("Search operations, fields and codes")} onInput=${(event) => onText(event.target.value)} /></label>
    <div class="ways" role="group" aria-label=${_("Who calls")}>
      ${WAYS.map((one) => html`<button type="button" key=${one.code} aria-pressed=${way === one.code}
        onClick=${() => onWay(one.code)}>${one.label()}</button>`)}
    </div>
    <p class="count" role="status">${_("{count} operations", { count })}</p>
  </div>`;
}

function Shell({ children }) {
  const other = language() === "en" ? ["zh_CN", "中文"] : ["en", "English"];
  const turn = () => { localStorage.setItem(LANGUAGE, other[0]); speak(other[0]); };
  return html`<div class="yx api" lang=${language() === "en" ? "en" : "zh-CN"}>
    <header><a href="#" class="brand"><${Icon} name="apps" size=${24} /><b>${_("API documentation")}</b></a>
      <span><a class="link" href="/api/openapi.json">OpenAPI</a>
      <button type="button" class="link" onClick=${turn}>${other[1]}</button></span></header>
    ${children}
  </div>`;
}

function App({ told }) {
  const [, setSpoken] = useState("");
  const [text, setText] = useState("");
  const [way, setWay] = useState("");
  const [chosen, setChosen] = useState(here());
  useEffect(() => onLanguage(setSpoken), []);
  useEffect(() => {
    const turned = () => { setChosen(here()); window.scrollTo(0, 0); };
    addEventListener("hashchange", turned);
    return () => removeEventListener("hashchange", turned);
  }, []);
  const all = useMemo(() => listed(told), [told, language()]);
  const wanted = text.trim().toLowerCase();
  const found = all.filter((one) => (!way || kindOf(one) === way) && (!wanted || one.words.includes(wanted)));
  const one = all.find((other) => other.name === chosen);
  return html`<${Shell}><div class=${`columns ${one ? "open" : ""}`}>
    <aside><${Search} text=${text} onText=${setText} way=${way} onWay=${setWay} count=${found.length} />
      <${Index} found=${found} chosen=${chosen} /></aside>
    <main>${one
      ? html`<a class="back link" href="#">${_("All operations")}</a><${Operation} key=${one.name} of=${one} told=${told} />`
      : html`<${Introduction} />`}</main>
  </div><//>`;
}

async function begin() {
  const element = document.getElementById("app");
  await speak(localStorage.getItem(LANGUAGE) || element.dataset.language || navigator.language);
  const answer = await fetch("/api/openapi.json", { credentials: "same-origin" });
  render(html`<${App} told=${await answer.json()} />`, element);
}

begin();
