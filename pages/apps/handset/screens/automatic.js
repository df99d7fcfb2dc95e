// 证书下载方式“自动”: an approved order's download opens by itself, once, where that interrupts nothing.
import { html, useEffect, useRef } from "../../vendor/htm-preact.js";
import { useApp, useAsk } from "../../common/hooks.js";
import { Loaded } from "../../common/kit.js";
import { _ } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { Download } from "./download.js";

// Screens on which nobody is in the middle of something.
const IDLE = ["", "home", "orders", "certificates"];

const toTake = (orders) => orders.find((one) => one.download_mode === "automatic" && one.status === "awaiting_download" && !one.delegate_account_id);

/** Leads to the download of an order as soon as it is ready. */
export function useAutomaticDownload({ door, router, path, seq, signedIn }) {
  const opened = useRef(new Set());
  useEffect(() => {
    if (!signedIn || !IDLE.includes(path.replace(/^\//, "").split("/")[0])) return undefined;
    let alive = true;
    door.ask("ordering.mine").then((orders) => {
      const found = toTake(orders);
      if (!alive || !found || opened.current.has(found.id)) return;
      opened.current.add(found.id);
      router.go(`download/${found.id}`);
    }, () => null);
    return () => (alive = false);
  }, [door, path, seq, signedIn]);
}

/** The download of an order by itself. */
export function DownloadOrder({ id }) {
  const { router } = useApp();
  const found = useAsk("ordering.order", { order_id: id });
  const first = useRef(null);
  first.current ??= found.value ?? null;
  // What happens to the order meanwhile is the download's own doing.
  if (!first.current) return html`<${Screen} title=${_("Download the certificate")} back><${Loaded} of=${found}>${() => null}<//><//>`;
  return html`<${Download} order=${first.current} onBack=${() => router.replace(`orders/${id}`)} onDone=${() => router.replace("certificates")} />`;
}
