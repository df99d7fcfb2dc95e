// Where a message leads, and that it has been read.
const BY_SUBJECT = {
  ord: (id) => `orders/${id}`,
  crt: (id) => `certificates/${id}`,
  cer: (id) => `certificates/${id}`,
  prf: () => "real-name",
  clm: (id) => `claims/${id}`,
  inv: () => "invitations",
  sea: (id) => `seals/${id}`,
  sap: (id) => `seal-application/${id}`,
  mem: () => "enterprise",
};

/** A path of the app, from a link that may name the handset first. */
export const pathIn = (link) => String(link ?? "").replace(/^\/?(handset\/)?/, "");

/** The path of a message's thing: its own link, or by the kind of its subject. */
export function pathOf(message) {
  if (message.link) return pathIn(message.link);
  const lead = BY_SUBJECT[String(message.subject ?? "").split("_")[0]];
  return lead ? lead(message.subject) : "";
}

/** Read it and go there. */
export function follow(app, message) {
  if (!message.read_at) app.door.act("messaging.read", { message_id: message.id }).catch(() => null);
  const path = pathOf(message);
  if (path) app.go(path);
}
