// Check digits, and synthetic particulars for demo worlds: valid by them, nobody's in fact.

const SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜";
const GIVEN = ["思远", "若曦", "建国", "雨桐", "明轩", "静怡", "志强", "梓涵", "秀英", "浩然", "晓东", "丽华"];
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY";

const chance = (below) => crypto.getRandomValues(new Uint32Array(1))[0] % below;
const pick = (from) => from[chance(from.length)];
const digits = (count) => Array.from({ length: count }, () => chance(10)).join("");

const idCheck = (body) => "10X98765432"[WEIGHTS.reduce((total, weight, at) => total + weight * Number(body[at]), 0) % 11];

/** Whether a resident ID number's check character holds: told before the face, the server looks again. */
export function holds(number) {
  const text = number.normalize("NFKC").trim().toUpperCase();
  return /^\d{17}[\dX]$/.test(text) && idCheck(text) === text[17];
}

/** A resident ID number (GB 11643) of a grown person. */
export function residentId() {
  const born = `19${70 + chance(30)}${String(1 + chance(12)).padStart(2, "0")}${String(1 + chance(28)).padStart(2, "0")}`;
  // From 404 on the simulated providers' sandbox forces outcomes.
  const body = `650102${born}${String(1 + chance(399)).padStart(3, "0")}`;
  return body + idCheck(body);
}

/** A bank card number (Luhn). */
export function bankCard() {
  const body = `621700${digits(12)}`;
  const sum = [...body].reverse().reduce((total, sign, at) => {
    const doubled = at % 2 ? Number(sign) : Number(sign) * 2;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return body + ((10 - (sum % 10)) % 10);
}

/** A unified social credit code (GB 32100) of a company. */
export function creditCode() {
  const own = Array.from({ length: 9 }, () => pick(CODE_SIGNS)).join("");
  const body = `91650102${own}`;
  const sum = [...body].reduce((total, sign, at) => total + CODE_SIGNS.indexOf(sign) * (3 ** at % 31), 0);
  return body + CODE_SIGNS[(31 - (sum % 31)) % 31];
}

/** A mobile number. */
export const phoneNumber = () => `1${pick(["38", "39", "50", "86", "99"])}${digits(8)}`;

function person() {
  const name = pick(SURNAMES) + pick(GIVEN);
  return { name, resident_id: residentId(), bank_card: bankCard(), phone: phoneNumber() };
}

/** One person and their enterprise, kept for this phone in this tab's browser. */
export function samplePerson(place, renew = false) {
  const key = `yx:${place}:sample`;
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    if (kept && !renew) return kept;
  } catch {
    // A broken copy is made anew.
  }
  const boss = person();
  const made = {
    ...person(),
    enterprise: `新疆${pick(["天山", "昆仑", "博格达", "塔里木", "丝路"])}${pick(["净水", "建材", "信息", "机电"])}科技有限公司`,
    uscc: creditCode(),
    legal_representative: boss.name,
    legal_representative_id: boss.resident_id,
  };
  localStorage.setItem(key, JSON.stringify(made));
  return made;
}

/** A picture of a paper: its title and a line of text, as a JPEG. */
export function samplePaper(title, line = "") {
  const canvas = Object.assign(document.createElement("canvas"), { width: 900, height: 1270 });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fffdf6";
  pen.fillRect(0, 0, 900, 1270);
  pen.strokeStyle = "#8a6d1f";
  pen.lineWidth = 14;
  pen.strokeRect(45, 45, 810, 1180);
  pen.fillStyle = "#16130f";
  pen.textAlign = "center";
  pen.font = "700 64px 'Noto Sans CJK SC', sans-serif";
  pen.fillText(title.slice(0, 13), 450, 240);
  pen.font = "34px 'Noto Sans CJK SC', sans-serif";
  pen.fillText(line.slice(0, 24), 450, 420);
  pen.fillText("SAMPLE 样本", 450, 1120);
  const content = canvas.toDataURL("image/jpeg", 0.9).split(",")[1];
  return { name: `${title}.jpg`, size: Math.round(content.length * 0.75), content };
}
