// The camera, where there is one and the page may use it (HTTPS or the machine itself).
import { useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { _ } from "../common/texts.js";

/** `{video, ready, problem, start, stop}`; `facing` is `user` or `environment`. */
export function useCamera(facing) {
  const video = useRef(null);
  const stream = useRef(null);
  const wanted = useRef(true);
  const [ready, setReady] = useState(false);
  const [problem, setProblem] = useState("");
  const stop = () => {
    wanted.current = false;
    stream.current?.getTracks().forEach((track) => track.stop());
    stream.current = null;
    setReady(false);
  };
  const start = async () => {
    wanted.current = true;
    setProblem("");
    if (!navigator.mediaDevices?.getUserMedia) {
      setProblem(_("This page may not use a camera here. Choose a picture instead."));
      return;
    }
    try {
      const got = await navigator.mediaDevices.getUserMedia({ video: { facingMode: facing, width: { ideal: 1280 } }, audio: false });
      if (!wanted.current || !video.current) {
        got.getTracks().forEach((track) => track.stop());
        return;
      }
      stream.current = got;
      video.current.srcObject = got;
      await video.current.play().catch(() => null);
      setReady(true);
    } catch (refusal) {
      setProblem(refusal.name === "NotAllowedError"
        ? _("The camera is not allowed. Allow it in the browser, or choose a picture.")
        : _("No camera was found. Choose a picture instead."));
    }
  };
  useEffect(() => {
    start();
    return stop;
  }, []);
  return { video, ready, problem, start, stop };
}

/** What a video or a picture shows now, as base64, at most `width` wide. */
export function drawFrame(source, width, type) {
  const wide = source?.videoWidth || source?.naturalWidth || 0;
  const high = source?.videoHeight || source?.naturalHeight || 0;
  if (!wide) return "";
  const scale = Math.min(1, width / wide);
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(wide * scale), height: Math.round(high * scale) });
  canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL(type, 0.9).split(",")[1];
}
