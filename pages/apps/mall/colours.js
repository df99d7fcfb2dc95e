/** A platform's colour, from its own data; a platform without one takes a colour by its id. */

const OURS = ["#1B5A8C", "#2F6B4F", "#6A4C93", "#7A5230", "#00666B", "#4A5568"];

export function colourOf(id, platform) {
  if (/^#[0-9a-f]{6}$/i.test(platform.colour || "")) return platform.colour;
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.codePointAt(0)) % 9973;
  return OURS[sum % OURS.length];
}

/** Black or white, whichever reads better on a colour (WCAG relative luminance). */
export function inkOn(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? "#FFFFFF" : "#111111";
}
