// How a scanned ticket is confirmed with a certificate's key on this phone.

/**
 * Confirms a ticket; what came of it. `number` are the two digits on the PC, `particulars` what 主体注册 asked.
 */
export async function confirmTicket(act, { ticket, certificateId, pin, number = "", particulars = {} }) {
  return act("handset.confirm", { ticket, certificate_id: certificateId, pin, number, particulars });
}
