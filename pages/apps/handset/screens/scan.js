// 扫一扫: by the camera, by a picture, by the QR on the screen beside this phone, or by its text.
// The phone reads the code itself and knows whose it is; only what the platform signed is sent.
import { html, useEffect, useRef, useState } from "../../vendor/htm-preact.js";
import { useApp, useDeed, useForm } from "../../common/hooks.js";
import { Icon } from "../../common/icons.js";
import { Button, Field, Notice } from "../../common/kit.js";
import { _ } from "../../common/texts.js";
import { useCamera } from "../camera.js";
import { NO_CODE, readerHere, recognized, textIn, textInFile } from "../codes.js";
import { Screen } from "../layout.js";
import { keepTicket } from "./ticket.js";

const FRAME_EVERY_MS = 250;

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

/** The scanner. */
export function Scan() {
  const app = useApp();
  const camera = useCamera("environment");
  const form = useForm("scan", { qr_text: "" }, { never: ["qr_text"] });
  const [typing, setTyping] = useState(false);
  const [busy, deed] = useDeed(form.refuse);
  const looking = useRef(false);
  const read = async (text) => {
    const qrText = await recognized(text, { world: app.state.world, key: app.state.codes_key });
    const ticket = await app.door.act("handset.scan", { qr_text: qrText });
    camera.stop();
    keepTicket(app.place, ticket);
    app.router.replace(`ticket/${ticket.id ?? "invitation"}`);
  };
  // What reads codes is loaded while the camera starts, not when the first one is chosen.
  useEffect(() => { readerHere().catch(() => null); }, []);
  useEffect(() => {
    if (!camera.ready) return undefined;
    const look = async () => {
      if (looking.current) return;
      looking.current = true;
      try {
        await read(await textIn(camera.video.current));
      } catch (refusal) {
        if (refusal.code !== NO_CODE) {
          form.refuse(refusal);
          camera.stop();
        }
      }
      looking.current = false;
    };
    const beat = setInterval(look, FRAME_EVERY_MS);
    return () => clearInterval(beat);
  }, [camera.ready]);
  const choose = (event) => {
    const file = event.target.files[0];
    event.target.value = "";
    if (file) deed(async () => read(await textInFile(file)));
  };
  const beside = () => deed(async () => {
    const [picture] = qrBeside(app.root);
    if (!picture) throw { title: _("No QR code is shown beside this phone. Open one on the PC first."), code: "none" };
    await read(await textIn(picture));
  });
  return html`<${Screen} title=${_("Scan")} foot=${app.frame && html`<${Button} kind="primary" busy=${busy} onClick=${beside}>${_("Scan the QR code on the PC beside")}<//>`}>
    <div class="viewfinder"><video ref=${camera.video} playsinline muted autoplay aria-label=${_("Camera")}></video>
      ${camera.ready ? html`<span class="mark"></span>` : html`<div><${Icon} name="scan" size=${64} /><p>${camera.problem || _("Starting the camera…")}</p></div>`}</div>
    <${Notice} tone="bad" action=${!camera.ready && !camera.problem && html`<button type="button" class="link" onClick=${() => { form.wrong("", ""); camera.start(); }}>${_("Scan again")}</button>`}>${form.errors[""] || (!typing && form.errors.qr_text)}<//>
    <p class="lead center">${_("Point at the QR code on the PC: to bind, to sign in, to sign, or to join an enterprise.")}</p>
    <div class="buttons center-row"><label class="button filebutton"><${Icon} name="upload" size=${20} /><span>${_("From a picture")}</span><input type="file" accept="image/png,image/jpeg" onChange=${choose} /></label>
      <${Button} onClick=${() => setTyping(!typing)}>${_("Enter its text")}<//></div>
    ${typing && html`<${Field} form=${form} name="qr_text" label=${_("Text of the QR code")} maxlength="400" /><${Button} kind="wide" busy=${busy} onClick=${() => deed(() => read(form.values.qr_text))}>${_("Read it")}<//>`}
  <//>`;
}
