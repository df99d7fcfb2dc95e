// What the page of a contract asks for, as one thing that is loading, there, or refused.
import { useEffect, useState } from "../vendor/htm-preact.js";
import { readFile } from "../common/format.js";
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

/** What is attached to a contract, with its content: a new version carries it on. `undefined` until it is there. */
export function useAttached(id) {
  const { door } = useMall();
  const rows = useAsk("signing.attachments", { contract_id: id });
  const [files, setFiles] = useState(undefined);
  const beside = rows.value?.filter((one) => one.id);
  useEffect(() => {
    if (!beside) return undefined;
    let alive = true;
    const load = async (one) => {
      const answer = await fetch(door.media(one.blob_id), { credentials: "same-origin" });
      const { size, content } = await readFile(await answer.blob());
      return { kind: one.kind, name: one.name, remarks: one.remarks, size, content };
    };
    Promise.all(beside.map(load)).then((all) => alive && setFiles(all), () => alive && setFiles([]));
    return () => (alive = false);
  }, [JSON.stringify(beside?.map((one) => one.id))]);
  return files;
}
