// A picture of the face: by the camera with a live verdict, or a picture file where there is no camera.
import { html, useEffect, useRef, useState } from "../../vendor/htm-preact.js";
import { readFile } from "../../common/format.js";
import { useApp } from "../../common/hooks.js";
import { Icon } from "../../common/icons.js";
import { Button, Notice } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { drawFrame, useCamera } from "../camera.js";

const LOOK_EVERY_MS = 900;

/** The step. `onTaken(base64)` is called with a picture that the server found good. */
export function FaceStep({ title, busy, onBack, onTaken, problem }) {
  const { door, state } = useApp();
  const camera = useCamera("user");
  const [picture, setPicture] = useState("");
  const [verdict, setVerdict] = useState(null);
  const looking = useRef(false);
  const look = async (content) => {
    if (looking.current) return;
    looking.current = true;
    try {
      const found = await door.ask("registration.check_face", { face: content });
      setVerdict(found);
      if (found.ok) {
        setPicture(content);
        camera.stop();
      }
    } catch (refusal) {
      setVerdict({ ok: false, title: refusal.title });
    } finally {
      looking.current = false;
    }
  };
  useEffect(() => {
    if (!camera.ready || picture) return undefined;
    const beat = setInterval(() => {
      const frame = drawFrame(camera.video.current, 640, "image/jpeg");
      if (frame) look(frame);
    }, LOOK_EVERY_MS);
    return () => clearInterval(beat);
  }, [camera.ready, picture]);
  const choose = async (event) => {
    const file = event.target.files[0];
    event.target.value = "";
    if (file) await look((await readFile(file)).content);
  };
  const sample = async () => {
    const answer = await fetch(new URL("../sample-face.png", import.meta.url));
    const file = await answer.blob();
    await look((await readFile(file)).content);
  };
  const again = () => {
    setPicture("");
    setVerdict(null);
    camera.start();
  };
  const said = verdict?.title || (verdict?.problem ? ofCode(`face.${verdict.problem}`) : "");
  return html`<${Screen} title=${title} onBack=${() => { camera.stop(); onBack(); }}
    foot=${html`<${Button} kind="primary" busy=${busy} disabled=${!picture} onClick=${() => onTaken(picture)}>${_("Start verification")}<//>
      ${picture && html`<${Button} kind="quiet" disabled=${busy} onClick=${again}>${_("Take it again")}<//>`}`}>
    <${Notice} tone="bad">${problem}<//>
    <p class="lead center">${_("Look straight into the camera in good light, alone, without a mask.")}</p>
    <div class="face-frame">
      ${picture ? html`<img alt=${_("Your picture")} src=${`data:image/jpeg;base64,${picture}`} />`
        : html`<video ref=${camera.video} playsinline muted autoplay aria-label=${_("Camera")}></video>${!camera.ready && html`<${Icon} name="face" size=${72} />`}`}
    </div>
    <div aria-live="polite" class="center verdict">${picture ? html`<b class="good">${_("The picture is good.")}</b>`
      : said ? html`<b class="bad">${said}</b>` : camera.problem ? html`<span>${camera.problem}</span>` : html`<span>${_("Hold still for a moment.")}</span>`}</div>
    ${!picture && html`<div class="buttons center-row">
      <label class="button filebutton"><${Icon} name="camera" size=${20} /><span>${_("Use a picture")}</span><input type="file" accept="image/png,image/jpeg" capture="user" onChange=${choose} /></label>
      ${state.demo && html`<${Button} onClick=${sample}>${_("Sample picture")}<//>`}</div>`}
  <//>`;
}
