// How an operation is called: the same request for curl and for Python's standard library.
const exampleOf = (one) => one.post.requestBody.content["application/json"].example ?? {};

const acts = (one) => (one.post.parameters ?? []).some((other) => other.name === "Idempotency-Key");

function headers(one, who) {
  const found = { "Content-Type": "application/json" };
  if (who === "staff") found.Authorization = "Bearer ymt_…";
  else if (who !== "anybody") found.Authorization = "Bearer …";
  if (acts(one)) found["Idempotency-Key"] = "6f0d6a1e-9f0e-4a57-9a53-0c9a3c1b7f11";
  return found;
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The request as a command. */
export function curl(one, who) {
  const lines = Object.entries(headers(one, who)).map(([name, value]) => `  -H ${quoted(`${name}: ${value}`)}`);
  return [`curl ${location.origin}${one.path}`, ...lines, `  -d ${quoted(JSON.stringify(exampleOf(one)))}`].join(" \\\n");
}

const literal = (value) => JSON.stringify(value).replace(/\btrue\b/g, "True").replace(/\bfalse\b/g, "False").replace(/\bnull\b/g, "None");

/** The request in Python. */
export function python(one, who) {
  const given = Object.entries(headers(one, who)).map(([name, value]) => `        ${JSON.stringify(name)}: ${JSON.stringify(value)},`);
  return `import json
import urllib.request

request = urllib.request.Request(
    ${JSON.stringify(location.origin + one.path)},
    data=json.dumps(${literal(exampleOf(one))}).encode(),
    headers={
${given.join("\n")}
    },
)
with urllib.request.urlopen(request) as answer:
    print(json.load(answer))`;
}
