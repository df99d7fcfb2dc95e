// Which tone a state has, wherever it is shown.
const TONES = {
  active: "good", approved: "good", matched: "good", paid: "good", completed: "good", issued: "good", accepted: "good", finished: "good", done: "good",
  in_review: "wait", requested: "wait", awaiting_payment: "wait", awaiting_papers: "wait", awaiting_download: "wait", awaiting_code: "wait",
  awaiting_transfer: "wait", awaiting_representative: "wait", verifying: "wait", opened: "wait", refunding: "wait", making: "wait", applied: "wait",
  platform_review: "wait", agency_review: "wait", in_making: "wait", pending: "wait", open: "wait", offered: "wait",
  rejected: "bad", mismatched: "bad", revoked: "bad", suspended: "bad", frozen: "bad", failed: "bad", expired: "bad", declined: "bad",
};

/** good, wait, bad or still. */
export const toneOf = (status) => TONES[status] ?? "still";
