// 扫一扫: by the camera, by a picture, by the QR on the screen beside this phone, or by its text.
import { html, useEffect, useRef, useState } from "../../vendor/htm-preact.js";
import { readFile } from "../../common/format.js";
import { useApp, useDeed, useForm } from "../../common/hooks.js";
import { Icon } from "../../common/icons.js";
import { Button, Field, Notice } from "../../common/kit.js";
import { _ } from "../../common/texts.js";
import { drawFrame, useCamera } from "../camera.js";
import { Screen } from "../layout.js";
import { keepTicket } from "./ticket.js";

const FRAME_EVERY_MS = 400;
const NOTHING = ["http.no_qr_in_picture", "handset.no_qr_in_picture"];

/** The pictures of QR codes in the page around a framed phone, other open shadows included. */
function qrBeside(own) {
  const found = [];
  const search = (from) => {
    for (const node of from.querySelectorAll("*")) {
      if (node.shadowRoot) search(node.shadowRoot);
      if (node.matches("img[data-yx-qr]") && !own.contains(node)) found.push(node);
    }
  };
  search(document);
  return found.filter((picture) => picture.offsetParent !== null);
}

async function bytesOf(picture) {
  if (picture.src.startsWith("data:")) return picture.src.split(",")[1];
  return (await readFile(await (await fetch(picture.src)).blob())).content;
}

/** The scanner. */
export function Scan() {
  const app = useApp();
  const camera = useCamera("environment");
  const form = useForm("scan", { qr_text: "" }, { never: ["qr_text"] });
  const [typing, setTyping] = useState(false);
  const [busy, deed] = useDeed(form.refuse);
  const looking = useRef(false);
  const read = async (given, quiet = false) => {
    try {
      const ticket = await app.door.act("handset.scan", given);
      camera.stop();
      keepTicket(app.place, ticket);
      app.router.replace(`ticket/${ticket.id ?? "invitation"}`);
    } catch (refusal) {
      if (quiet && (NOTHING.includes(refusal.code) || refusal.field === "picture")) return;
      throw refusal;
    }
  };
  useEffect(() => {
    if (!camera.ready) return undefined;
    const beat = setInterval(async () => {
      if (looking.current) return;
      looking.current = true;
      const picture = drawFrame(camera.video.current, 720, "image/jpeg");
      await read({ picture }, true).catch((refusal) => {
        form.refuse(refusal);
        camera.stop();
      });
      looking.current = false;
    }, FRAME_EVERY_MS);
    return () => clearInterval(beat);
  }, [camera.ready]);
  const choose = (event) => {
    const file = event.target.files[0];
    event.target.value = "";
    if (file) deed(async () => read({ picture: (await readFile(file)).content }));
  };
  const beside = () => deed(async () => {
    const [picture] = qrBeside(app.root);
    if (!picture) throw { title: _("No QR code is shown beside this phone. Open one on the PC first."), code: "none" };
    await read({ picture: await bytesOf(picture) });
  });
  return html`<${Screen} title=${_("Scan")} foot=${app.frame && html`<${Button} kind="primary" busy=${busy} onClick=${beside}>${_("Scan the QR code on the PC beside")}<//>`}>
    <div class="viewfinder"><video ref=${camera.video} playsinline muted autoplay aria-label=${_("Camera")}></video>
      ${camera.ready ? html`<span class="mark"></span>` : html`<div><${Icon} name="scan" size=${64} /><p>${camera.problem || _("Starting the camera…")}</p></div>`}</div>
    <${Notice} tone="bad" action=${!camera.ready && !camera.problem && html`<button type="button" class="link" onClick=${() => { form.wrong("", ""); camera.start(); }}>${_("Scan again")}</button>`}>${form.errors[""] || form.errors.picture}<//>
    <p class="lead center">${_("Point at the QR code on the PC: to bind, to sign in, to sign, or to join an enterprise.")}</p>
    <div class="buttons center-row"><label class="button filebutton"><${Icon} name="upload" size=${20} /><span>${_("From a picture")}</span><input type="file" accept="image/png,image/jpeg" onChange=${choose} /></label>
      <${Button} onClick=${() => setTyping(!typing)}>${_("Enter its text")}<//></div>
    ${typing && html`<${Field} form=${form} name="qr_text" label=${_("Text of the QR code")} maxlength="400" /><${Button} kind="wide" busy=${busy} onClick=${() => deed(() => read({ qr_text: form.values.qr_text.trim() }))}>${_("Read it")}<//>`}
  <//>`;
}
