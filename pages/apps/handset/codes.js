// QR codes: read in a picture by this phone itself, and known as the platform's before anything is sent.
import { Refusal } from "../common/door.js";
import { _ } from "../common/texts.js";
import { ofBase64, utf8 } from "./keys/numbers.js";

// `YX1:<world>:<purpose>:<token>:<Ed25519 signature>`, as `engine/scanning/model.py` writes it.
const CODE = /^(YX1:([^:]+):(bind|login|sign|make_file|decrypt|join):[^:]+):([A-Za-z0-9_-]{86})$/;
const MARK = "YX1:";
const LONGEST = 400;
// What is looked at: a camera's frame is looked at often, a picture that was chosen once.
export const FRAME_EDGE = 960;
export const PICTURE_EDGE = 2400;
const LARGEST_FILE = 20 * 1024 * 1024;
const ALGORITHM = { name: "Ed25519" };

const refused = (code, title) => new Refusal({ code: `handset.${code}`, title, field: "qr_text" });

/** What says that a picture shows no code; a camera goes on looking then. */
export const NO_CODE = "handset.no_code";

const noCode = () => refused("no_code", _("No QR code can be read in this picture. Hold the phone still and show the whole code."));

// -- reading -------------------------------------------------------------------------------------

let reader;

async function ownDetector() {
  // On some systems it is there and reads nothing.
  const formats = await globalThis.BarcodeDetector?.getSupportedFormats?.().catch(() => []);
  if (!formats?.includes("qr_code")) return null;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (pixels) => (await detector.detect(pixels)).map((one) => one.rawValue);
}

async function vendored() {
  const { prepareZXingModule, readBarcodes } = await import("../vendor/zxing/reader/index.js");
  const wasm = new URL("../vendor/zxing/reader/zxing_reader.wasm", import.meta.url).href;
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  return async (pixels) => (await readBarcodes(pixels, { formats: ["QRCode"], maxNumberOfSymbols: 8 })).map((one) => one.text);
}

/** What reads codes here: the browser, or the vendored reader. Made once; what failed is tried again. */
export function readerHere() {
  reader ??= ownDetector().then((own) => own ?? vendored());
  reader.catch(() => { reader = undefined; });
  return reader;
}

/** What a video, a picture or a bitmap shows now, no edge longer than `edge`; null while it shows nothing. */
function pixelsOf(source, edge) {
  const wide = source.videoWidth || source.naturalWidth || source.width || 0;
  const high = source.videoHeight || source.naturalHeight || source.height || 0;
  if (!wide || !high) return null;
  const scale = Math.min(1, edge / Math.max(wide, high));
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.max(1, Math.round(wide * scale)), height: Math.max(1, Math.round(high * scale)) });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  // What shows through a transparent picture is white, as paper is.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** The text of the code in a video, a picture or a bitmap: one of ours before any other. */
export async function textIn(source, edge = FRAME_EDGE) {
  const pixels = pixelsOf(source, edge);
  if (!pixels) throw noCode();
  const found = (await (await readerHere())(pixels)).filter(Boolean);
  if (!found.length) throw noCode();
  return found.find((text) => text.startsWith(MARK)) ?? found[0];
}

/** The text of the code in a file or blob. */
export async function textInFile(file) {
  if (file.size > LARGEST_FILE) throw refused("picture_too_big", _("This picture is too big. Take it again at a lower resolution."));
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) throw noCode();
  try {
    return await textIn(bitmap, PICTURE_EDGE);
  } finally {
    bitmap.close();
  }
}

// -- knowing it ----------------------------------------------------------------------------------

async function signedBy(key, head, signature) {
  let known;
  try {
    known = await crypto.subtle.importKey("raw", key, ALGORITHM, false, ["verify"]);
  } catch {
    throw refused("codes_unverifiable", _("This browser is too old to check whom a QR code is from. Update it, then scan again."));
  }
  return crypto.subtle.verify(ALGORITHM, known, signature, utf8(head));
}

/**
 * The text of a code of this world, signed by the key that came with the page (base64); refused otherwise, and
 * nothing was sent. The engine looks again.
 */
export async function recognized(text, { world, key }) {
  const read = text.trim();
  const [, head, of, , signature] = (read.length <= LONGEST && CODE.exec(read)) || [];
  if (!head || of !== world) {
    // Ours by its beginning: of another world, or somebody took a piece out of it.
    if (read.startsWith(MARK) && (!of || of === world)) throw altered();
    throw refused("foreign_code", _("This QR code is not one of this platform. Check the address of the page that shows it."));
  }
  if (!(await signedBy(ofBase64(key), head, ofBase64(signature)))) throw altered();
  return read;
}

const altered = () => refused("code_altered", _("This QR code was altered: the platform did not sign it as it is. Do not go on, and tell the platform where you saw it."));
