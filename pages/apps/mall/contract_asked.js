// What the page of a contract asks for, as one thing that is loading, there, or refused.
import { useAsk } from "../common/hooks.js";
import { useMall } from "./links.js";

/** `{value, error, loading, reload}` of a contract: what was found, its parties, its pages. */
export function useContract(id) {
  const { door } = useMall();
  const found = useAsk("signing.detail", { contract_id: id });
  const voiding = useAsk("signing.voiding", { contract_id: id });
  const { error, reload } = found;
  if (!found.value) return { value: undefined, error, loading: !error, reload };
  const { document } = found.value;
  // A document's id is in the address: a new one is another picture, an old one is never asked for again.
  const source = (page, small) => `${door.base}/contracts/${encodeURIComponent(id)}/pages/${page}?of=${document.id}${small ? "&small" : ""}`;
  return { value: { found: found.value, voiding: voiding.value ?? [], source }, error: null, loading: false, reload };
}
