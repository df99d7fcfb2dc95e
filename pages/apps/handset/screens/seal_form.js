// 印章申请书: save it, stamp it in its place, hand the scan in and see what is cut out of it.
import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { saveAs } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Button, Card, Choice, Corrections, Fact, FileField, Loaded, Marked, Notice } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { samplePaper } from "../samples.js";
import { kindLabel, sizeLabel, useSealForm } from "./seal_kinds.js";

/** `id` is an enterprise, whose draft says kind and name, or the rejected application that this corrects. */
export function SealForm({ id, more }) {
  const again = id.startsWith("sap_");
  const rejected = useAsk("sealing.application", { application_id: id }, { skip: !again });
  if (!again) return html`<${OfDraft} enterpriseId=${id === "mine" ? "" : id} />`;
  if (!rejected.value) return html`<${Screen} title=${_("Apply for a seal")}><${Loaded} of=${rejected}>${() => null}<//><//>`;
  const { application, reasons } = rejected.value;
  return html`<${Handing} enterpriseId=${application.enterprise_id ?? ""} kind=${application.kind} name=${application.name} size=${application.size} colour=${application.colour} picture=${application.picture} reasons=${reasons} at=${more} />`;
}

function OfDraft({ enterpriseId }) {
  const { router } = useApp();
  const form = useSealForm(enterpriseId);
  const { kind, name, size, colour, picture } = form.values;
  useEffect(() => {
    if (!kind || !name) router.replace(`seal-new/${enterpriseId || "mine"}`);
  }, []);
  if (!kind || !name) return html`<${Screen} title=${_("Apply for a seal")} />`;
  return html`<${Handing} enterpriseId=${enterpriseId} kind=${kind} name=${name} size=${size} colour=${colour} picture=${picture} onPicture=${(one) => form.set("picture", one)} done=${form.done} />`;
}

function Handing({ enterpriseId, kind, name, size, colour, picture, onPicture, reasons, at, done }) {
  const app = useApp();
  const me = useAsk("registration.me");
  const kinds = useAsk("sealing.kinds", { enterprise_id: enterpriseId });
  const enterprise = enterpriseId ? me.value?.enterprises.find((one) => one.id === enterpriseId)?.name ?? "" : _("My personal seals");
  const signature = kind === "signature";
  const what = { enterpriseId, kind, name };
  const [scan, setScan] = useState(null);
  const [problem, setProblem] = useState("");
  const [wrong, setWrong] = useState("");
  const [wanted, setWanted] = useState(picture);
  const [busy, deed] = useDeed((refusal) => (refusal.field === "form" ? setWrong(refusal.title) : setProblem(refusal.title)));
  const take = (file) => { setProblem(""); setWrong(""); setScan(file); };
  const choose = (one) => { setWanted(one); onPicture?.(one); };
  const send = () => deed(async (act) => {
    setProblem("");
    const made = await act("sealing.apply_for_seal", { enterprise_id: enterpriseId, kind, name, form: scan.content, size, colour, picture: wanted });
    done?.();
    app.toast(_("Submitted. It will be reviewed."));
    app.router.reset(`seal-application/${made.id}`);
  });
  return html`<${Screen} title=${_("Apply for a seal")} foot=${html`<${Button} kind="primary" busy=${busy} disabled=${!scan} onClick=${send}>${_("Submit")}<//>`}>
    <${Notice} tone="bad">${problem}<//><${Corrections} reasons=${reasons} at=${at}>
    <${Marked} fields="enterprise uscc applicant name legal_representative kind size"><${Card}><dl><${Fact} name=${_("Enterprise")}>${enterprise}<//><${Fact} name=${_("Kind of seal")}>${kindLabel(kind, kinds.value)}<//>
      <${Fact} name=${_("Name of the seal")}>${name}<//>${size && html`<${Fact} name=${_("Size")}>${sizeLabel(size)}<//>`}</dl><//><//>
    ${signature ? html`<${Marked} fields="signature_specimen"><${FileField} label=${_("Specimen of the signature")} hint=${_("Sign on white paper with a dark pen and photograph it from above.")} accept="image/png,image/jpeg" value=${scan} error=${wrong} onChange=${take} sample=${app.state.demo ? async () => samplePaper("手写签名", enterprise) : null} /><//>`
    : html`<${Card} title=${_("1 · Save and print the application form")}><p class="hint">${_("One page, with your enterprise's particulars filled in.")}</p><${SaveForm} what=${what} /><//>
      <${Card} title=${_("2 · Stamp it inside the dashed box")}><${Where} /><//>
      <${Card} title=${_("3 · Hand in the stamped form")}><${Marked} fields="form"><${FileField} label=${_("Stamped application form")} hint=${_("A colour scan from 300 dpi, or a photo taken flat from above in good light, as PDF, JPEG or PNG.")} value=${scan} error=${wrong} onChange=${take} sample=${app.state.demo ? () => stampedSample(app, what) : null} /><//>
        ${scan && html`<${CutOut} key=${scan.content.length + scan.name} enterpriseId=${enterpriseId} scan=${scan} />`}<//>
      <${Look} value=${wanted} onChange=${choose} />`}<//>
  <//>`;
}

/** Whether the seal's picture is the impression or is drawn. */
export const Look = ({ value, onChange }) => html`<${Choice} label=${_("How the seal will look")} value=${value} options=${[["impression", _("As stamped"), _("The impression out of your scan")], ["drawn", _("Drawn to rule"), _("Sharp at any size, by the regulation")]]} onChange=${onChange} />`;

/** The form as a PDF: filled in by the server. */
export function SaveForm({ what: { enterpriseId, kind, name, sealId } }) {
  const { door } = useApp();
  const [busy, deed] = useDeed();
  const save = () => deed(async () => {
    const content = sealId ? await door.ask("sealing.change_form", { seal_id: sealId, name }) : await door.ask("sealing.application_form", { enterprise_id: enterpriseId, kind, name });
    saveAs(`${_("Application form")}-${name}.pdf`, content, "application/pdf");
  });
  return html`<${Button} kind="wide" busy=${busy} onClick=${save}>${_("Save the form")}<//>`;
}

/** A demo's form, printed, stamped and photographed as people do it. */
export async function stampedSample({ door }, { enterpriseId, kind, name, sealId = "" }) {
  const content = await door.ask("handset.stamped_form", { enterprise_id: enterpriseId, kind, name, seal_id: sealId });
  return { name: `${name}.jpg`, size: Math.round(content.length * 0.75), content };
}

/** Where on the page the stamp belongs: as the form marks it (mm of A4). */
function Where() {
  return html`<div class="where"><svg viewBox="0 0 210 297" role="img" aria-label=${_("The form: the dashed box stands in the lower half, between four black marks")}>
      <rect class="page" x="1" y="1" width="208" height="295" rx="3" /><rect class="text" x="72" y="30" width="66" height="8" />
      ${[56, 68, 80, 92, 116, 124, 140].map((y) => html`<rect class="text" key=${y} x="28" y=${y} width="154" height="4" />`)}
      ${[[56, 167], [145, 167], [145, 228], [56, 228]].map(([x, y]) => html`<rect class="mark" key=${`${x}-${y}`} x=${x} y=${y} width="9" height="9" />`)}
      <rect class="box" x="70" y="167" width="70" height="70" /><circle class="stamp" cx="105" cy="202" r="21" /><path class="stamp" d="M105 191l3.2 7.6 8 .6-6.1 5.2 1.9 7.9-7-4.3-7 4.3 1.9-7.9-6.1-5.2 8-.6z" /></svg>
    <ul class="bullets"><li>${_("Whole and clear, inside the box")}</li><li>${_("Not on the dashed line, the print or the black marks")}</li><li>${_("Take the whole page, so that all four marks are seen")}</li></ul></div>`;
}

/** Before and after: what was handed in, and the impression that is found in it. */
export function CutOut({ enterpriseId, scan }) {
  const app = useApp();
  const [found, setFound] = useState(null);
  useEffect(() => {
    let alive = true;
    app.door.ask("sealing.preview_impression", { enterprise_id: enterpriseId, form: scan.content }).then((value) => alive && setFound({ value }), (refusal) => alive && setFound({ refusal }));
    return () => (alive = false);
  }, []);
  const before = found?.value ? `data:image/jpeg;base64,${found.value.before}` : /\.pdf$/i.test(scan.name) ? "" : `data:image/*;base64,${scan.content}`;
  return html`<div class="cutout"><figure><figcaption>${_("As handed in")}</figcaption>${before ? html`<img class="scan" alt=${_("As handed in")} src=${before} />` : html`<span class="seal-picture large blank">PDF</span>`}</figure>
    <figure><figcaption>${_("Cut out")}</figcaption>${!found ? html`<span class="seal-picture large blank" role="status"><span class="spinner"></span></span>` : found.value ? html`<img class="seal-picture large" alt=${_("The impression, cut out")} src=${`data:image/png;base64,${found.value.png}`} />`
      : html`<span class="seal-picture large blank" aria-hidden="true">—</span>`}</figure></div>
    ${found?.refusal && html`<${Notice} tone="bad">${found.refusal.title}<//>`}
    ${found?.value && html`<${Measured} found=${found.value} />`}`;
}

/** What was measured of an impression, and what a reviewer will look at. */
function Measured({ found }) {
  const findings = found.findings ?? [];
  const mm = (micrometres) => (micrometres / 1000).toFixed(1);
  return html`<dl><${Fact} name=${_("Measured")}>${`${mm(found.width_um)} × ${mm(found.height_um)} mm`}<//><${Fact} name=${_("Resolution")}>${`${found.dpi} dpi`}<//>
      <${Fact} name=${_("Skew")}>${`${(found.skew_centidegrees / 100).toFixed(1)}°`}<//></dl>
    ${findings.length ? html`<${Notice} tone="wait"><b>${_("The reviewer will look at this:")}</b><ul class="bullets">${findings.map((one) => html`<li key=${one}>${ofCode(`seal.finding.${one}`)}</li>`)}</ul><//>`
      : html`<${Notice} tone="good">${_("The impression is whole and in its place.")}<//>`}`;
}
